package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL's own programs through the relay in session mode. */
@Tag("slow")
@Timeout(180)
class PostgresProgramsTest {

    private static RelayStage stage;

    @BeforeAll
    static void build() {
        stage = new RelayStage("pool_mode = session");
        stage.run(initialise()).expectSuccess();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    static List<String> initialise() {
        return RelayStage.client("pgbench", "-i", "-q");
    }

    static List<String> pgbench(String... options) {
        List<String> argv = new ArrayList<>(RelayStage.client("pgbench", "-n"));
        argv.addAll(List.of(options));
        return argv;
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "prepared"})
    @Proves("P1")
    void pgbenchRunsInEachMode(String mode) {
        Finished finished = stage.run(pgbench("-M", mode, "-c", "16", "-j", "2", "-t", "50"));
        assertTrue(finished.expectSuccess().out().contains("actually processed: 800/800"), finished::toString);
        RelayTable.record(StockClient.PGBENCH, RelayTable.Column.SESSION, "`-M` simple, extended, prepared, `-C`");
    }

    @Test
    @Proves("P1")
    void pgbenchConnectsForEachTransaction() {
        Finished finished = stage.run(pgbench("-S", "-C", "-c", "16", "-j", "2", "-t", "25"));
        assertTrue(finished.expectSuccess().out().contains("actually processed: 400/400"), finished::toString);
    }

    private static String psql(String... arguments) {
        return stage.run(RelayStage.client("psql", arguments))
                .expectSuccess()
                .out()
                .strip();
    }

    @Test
    @Proves("P1")
    void psqlCopiesListensAndPrepares() {
        assertEquals(
                "1000",
                psql(
                        "-XAtq",
                        "-c",
                        "CREATE TEMPORARY TABLE numbers (n int)",
                        "-c",
                        "\\copy numbers from program 'seq 1000'",
                        "-c",
                        "SELECT count(*) FROM numbers"));
        assertEquals("1000", psql("-XAtq", "-c", "\\copy (SELECT generate_series(1, 1000)) to program 'wc -l'"));
        assertTrue(
                psql("-XAt", "-c", "LISTEN news", "-c", "NOTIFY news, 'hello'").contains("payload \"hello\""));
        assertEquals("7", psql("-XAtq", "-c", "PREPARE seven AS SELECT $1::int", "-c", "EXECUTE seven (7)"));
        assertTrue(psql("-X", "-c", "\\conninfo").contains("port \"" + RelayStage.port()));
        RelayTable.record(StockClient.PSQL, RelayTable.Column.SESSION, "`\\copy`, LISTEN, PREPARE, Ctrl-C");
    }

    @Test
    @Proves("P1")
    void psqlCancelsItsStatementAtCtrlC() {
        Program psql = stage.start(RelayStage.client("psql", "-X", "-c", "SELECT pg_sleep(3600)"));
        stage.awaitSleepers(1);
        psql.signal("INT");
        psql.awaitLine("canceling statement due to user request", RelayStage.LIMIT);
        assertEquals(1, psql.awaitExit(RelayStage.LIMIT));
        stage.awaitSleepers(0);
    }
}
