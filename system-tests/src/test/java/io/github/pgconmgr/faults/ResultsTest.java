package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    private static final Scenario SCENARIO =
            new Scenario("link", "The cable is cut", Settings.QUICK, Layout.PLAIN, List.of(), List.of(), List.of());

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadAgain() {
        Results results = new Results(folder.resolve("new/link.tsv"));
        results.begin();
        results.add(outcome(1500L, List.of()));
        results.add(outcome(null, List.of("alive, but\tcut", "leaked")));
        List<Outcome> read = results.read();
        assertEquals(outcome(1500L, List.of()), read.get(0));
        assertEquals(List.of("alive, but cut | leaked"), read.get(1).violations());
        assertEquals(null, read.get(1).detected());
        results.begin();
        assertEquals(List.of(), results.read());
    }

    @Test
    void aRowHasMediansAndMaximaAndSaysWhatFailed() {
        assertEquals(
                "| The cable is cut (link) | quick | 2, **1 failed** | 2.0: 08006 | 1.70 / 1.70 | 1.60 / 1.60 | - | 2.00 / 2.00"
                        + " | 0.30 / 0.30 |",
                FaultTable.row(SCENARIO, List.of(outcome(1500L, List.of()), outcome(1600L, List.of("leaked")))));
    }

    @Test
    void theTableStandsBetweenItsMarks() throws IOException {
        Path document = folder.resolve("doc.md");
        Files.writeString(document, "before\n<!-- make faults: begin -->\nold\n<!-- make faults: end -->\nafter\n");
        Results results = new Results(folder.resolve("link.tsv"));
        results.begin();
        results.add(outcome(1500L, List.of()));
        FaultTable.write(document, List.of(SCENARIO), folder, "Said.");
        List<String> lines = Files.readAllLines(document);
        assertEquals("before", lines.get(0));
        assertEquals("Said.", lines.get(2));
        assertEquals("| The cable is cut (link)", lines.get(6).substring(0, 25));
        assertEquals(List.of("<!-- make faults: end -->", "after"), lines.subList(7, 9));
    }

    @Test
    void theRowOfAScenarioThatWasNotPlayedStays() throws IOException {
        Path document = folder.resolve("doc.md");
        String row = "| The cable was cut once (link) | quick | 20 |";
        Files.writeString(
                document,
                "(link) | \n<!-- make faults: begin -->\nold\n| Gone (gone) | quick |\n" + row
                        + "\n<!-- make faults: end -->\n");
        FaultTable.write(document, List.of(SCENARIO), folder, "Said.");
        List<String> lines = Files.readAllLines(document);
        assertEquals("Said.", lines.get(2));
        assertEquals(List.of(row, "<!-- make faults: end -->"), lines.subList(6, 8));
    }

    @Test
    void aDocumentWithoutMarksIsLeftAlone() throws IOException {
        Path document = Files.writeString(folder.resolve("doc.md"), "text\n");
        assertThrows(IOException.class, () -> FaultTable.write(document, List.of(SCENARIO), folder, ""));
        assertEquals("text\n", Files.readString(document));
    }

    private static Outcome outcome(@Nullable Long detected, List<String> violations) {
        return new Outcome(
                violations,
                5.5,
                detected,
                null,
                2000L,
                List.of(1690L, 1700L),
                List.of(300L),
                Map.of("08006", 2),
                Map.of("08001", 7),
                null,
                3L);
    }
}
