package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.programs.SaidLines;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stock drivers that share four server connections, transaction by transaction. */
@Tag("slow")
@Timeout(180)
class TransactionModeTest {

    private static final int SERVER_CONNECTIONS = 4;

    private static RelayStage stage;
    private static StockFiles files;

    @BeforeAll
    static void build() {
        stage = new RelayStage("pool_mode = transaction", "num_init_children = " + SERVER_CONNECTIONS, "max_pool = 1");
        files = StockFiles.on(stage.app());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static void does(StockClient client) {
        Finished finished = stage.run(files.command(client, List.of("work"))).expectSuccess();
        List<String> said = finished.out().lines().toList();
        StockDriversTest.WORK.forEach((key, value) ->
                assertEquals(value, SaidLines.value(said, key), () -> client.title() + " " + key + ": " + finished));
        RelayTable.record(client, RelayTable.Column.TRANSACTION, "work");
    }

    @Test
    @Proves("P1")
    void eachQueriesPreparesRollsBackAndCancels() {
        assertAll(files.clients().stream().map(client -> () -> does(client)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "prepared"})
    @Proves("P3")
    void fortyClientsOfPgbenchShareFourServerConnections(String mode) throws IOException {
        stage.one().psql("app", "TRUNCATE journal").expectSuccess();
        Path script = stage.app().folder().resolve("pids.sql");
        Files.writeString(script, "INSERT INTO journal VALUES (pg_backend_pid());\n");
        Finished finished = stage.run(
                PostgresProgramsTest.pgbench("-M", mode, "-f", script.toString(), "-c", "40", "-j", "2", "-t", "25"));
        assertTrue(finished.expectSuccess().out().contains("actually processed: 1000/1000"), finished::toString);
        String served = stage.one()
                .psql("app", "SELECT count(*), count(DISTINCT n) <= " + SERVER_CONNECTIONS + " FROM journal")
                .expectSuccess()
                .out()
                .strip();
        assertEquals("1000|t", served);
        RelayTable.record(StockClient.PGBENCH, RelayTable.Column.TRANSACTION, "`-M` simple, extended, prepared");
    }
}
