package io.github.pgconmgr.libpqprograms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL's own tests of libpq, from Debian's source package, with libpqcm in front of libpq and through conmgr. */
@Tag("slow")
@Timeout(300)
class UpstreamTest {

    private static final Path SOURCES = BuildFolder.build("libpq-sources");
    private static final Path PIPELINE = SOURCES.resolve("source/src/test/modules/libpq_pipeline");
    private static final String TARGET = "host=localhost port=" + ProgramStage.CONMGR_PORT
            + " user=postgres dbname=postgres target_session_attrs=read-write";

    private static ProgramStage stage;

    @BeforeAll
    static void build() {
        Finished fetched = Machine.LOCAL.run(
                Account.OURSELVES,
                Duration.ofMinutes(4),
                List.of(
                        BuildFolder.root()
                                .resolve("build-tools/libpq-sources.sh")
                                .toString(),
                        SOURCES.toString()));
        if (fetched.exit() != 0) {
            System.out.println(
                    "UpstreamTest: skipped, the source package could not be fetched or compiled: " + fetched.err());
            abort("no source package");
        }
        stage = new ProgramStage();
    }

    @AfterAll
    static void close() {
        if (stage != null) {
            stage.close();
        }
    }

    static Stream<String> pipelineTests() {
        return Machine.LOCAL
                .run(
                        Account.OURSELVES,
                        List.of(SOURCES.resolve("libpq_pipeline").toString(), "tests"))
                .expectSuccess()
                .out()
                .lines();
    }

    @ParameterizedTest
    @MethodSource("pipelineTests")
    @Proves({"T1", "T2"})
    void pipelineModeDoesAndTracesWhatItShould(String name) throws IOException {
        Path trace = stage.app().folder().resolve(name + ".trace");
        stage.run(
                        List.of(),
                        List.of(
                                SOURCES.resolve("libpq_pipeline").toString(),
                                "-r",
                                "700",
                                "-t",
                                trace.toString(),
                                name,
                                TARGET))
                .expectSuccess();
        Path expected = PIPELINE.resolve("traces/" + name + ".trace");
        if (Files.exists(expected)) {
            assertEquals(Files.readString(expected), Files.readString(trace));
        }
    }

    @Test
    @Proves("T1")
    void urisAreParsedAsEver() throws IOException {
        Path runner = stage.app().folder().resolve("uri_tests.pl");
        try (InputStream resource = UpstreamTest.class.getResourceAsStream("/libpqprograms/uri_tests.pl")) {
            Files.copy(resource, runner);
        }
        Path cases = SOURCES.resolve("source/src/interfaces/libpq/t/001_uri.pl");
        Path program = SOURCES.resolve("libpq_uri_regress");
        stage.run(List.of(), List.of("perl", runner.toString(), cases.toString(), program.toString()))
                .expectSuccess();
    }
}
