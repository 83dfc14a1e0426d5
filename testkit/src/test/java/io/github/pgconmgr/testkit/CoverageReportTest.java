package io.github.pgconmgr.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoverageReportTest {

    @TempDir
    Path folder;

    private Path requirements;
    private Path coverage;

    @BeforeEach
    void write() throws IOException {
        requirements = Files.writeString(folder.resolve("requirements.md"), """
                ## L
                | id | requirement |
                |---|---|
                | L1 | A link down is seen. More follows. |
                | L2 | Always sent. |
                """);
        coverage = Files.createDirectory(folder.resolve("coverage"));
    }

    @Test
    void eachRequirementHasItsTestsOrNotYet() throws IOException {
        Files.write(coverage.resolve("b.tsv"), List.of("L1\tb\tx.y.LinkTest\tgoesDown"));
        Files.write(coverage.resolve("a.tsv"), List.of("L1\ta\tx.y.PeerTest\tsees", "L1\ta\tx.y.PeerTest\tsees"));
        String report = CoverageReport.read(requirements, coverage).markdown();
        assertTrue(report.endsWith("""
                        1 of 2 requirements are proved by at least one test.

                        | id | requirement | proved by |
                        |---|---|---|
                        | L1 | A link down is seen. | a: PeerTest.sees<br>b: LinkTest.goesDown |
                        | L2 | Always sent. | not yet |
                        """), report);
    }

    @Test
    void aProofOfAnUnknownRequirementIsAnError() throws IOException {
        Files.write(coverage.resolve("a.tsv"), List.of("L9\ta\tx.y.PeerTest\tsees"));
        assertThrows(IllegalArgumentException.class, () -> CoverageReport.read(requirements, coverage));
    }

    @Test
    void withoutAnyRunNothingIsProved() throws IOException {
        String summary =
                CoverageReport.read(requirements, folder.resolve("none")).summary();
        assertEquals("0 of 2 requirements are proved by at least one test.", summary);
    }
}
