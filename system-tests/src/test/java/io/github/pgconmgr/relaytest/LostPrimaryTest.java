package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The cable of the primary's host is cut while stock programs wait in a statement there; then the standby is promoted. */
@Tag("slow")
@Timeout(180)
class LostPrimaryTest {

    /** What measuring may take on a busy machine, with all programs at the same time. */
    private static final int MARGIN_MILLIS = 1500;

    private static final int AGAIN_MILLIS = 5000;

    private static RelayStage stage;
    private static StockFiles files;

    @BeforeAll
    static void build() {
        stage = new RelayStage("pool_mode = session");
        files = StockFiles.on(stage.app());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    @Proves({"L1", "T5"})
    void eachGetsAnErrorWithinTheTimeoutAndConnectsAgainToTheNewPrimary() {
        List<Said> applications = new ArrayList<>();
        for (StockClient client : files.clients()) {
            applications.add(new Said(client, stage.start(files.command(client, List.of("wait")))));
        }
        Program psql = stage.start(RelayStage.client("psql", "-X", "-c", "SELECT pg_sleep(3600)"));
        stage.awaitSleepers(applications.size() + 1);
        long cut = RelayStage.now();
        stage.story().lab().cut(stage.story().db1());
        applications.forEach(each -> each.await("lost", RelayStage.LIMIT));
        assertNotEquals(0, psql.awaitExit(RelayStage.LIMIT));
        long millis = RelayStage.millisSince(cut);
        assertTrue(millis < RelayStage.TIMEOUT_MILLIS + MARGIN_MILLIS, "told after " + millis + " ms");
        stage.two().promote();
        long promoted = RelayStage.now();
        assertAll(applications.stream().map(each -> (Executable) () -> returns(each)));
        long again = RelayStage.millisSince(promoted);
        assertTrue(again < AGAIN_MILLIS, "back after " + again + " ms");
        assertEquals("two", psqlOnce());
        record(applications, psql);
    }

    private static void returns(Said application) {
        assertEquals(
                "two",
                application.await("again", RelayStage.LIMIT),
                application.client().title());
    }

    private static String psqlOnce() {
        return stage.run(RelayStage.client("psql", "-XAt", "-c", "SELECT current_setting('cluster_name')"))
                .expectSuccess()
                .out()
                .strip();
    }

    private static void record(List<Said> applications, Program psql) {
        for (Said each : applications) {
            String[] words = each.await("lost", RelayStage.LIMIT).split(" ", 3);
            String state = words[0].equals("none") ? "no SQLSTATE" : words[0];
            RelayTable.record(each.client(), RelayTable.Column.LOST, state + ", `" + words[1] + "`");
            RelayTable.record(each.client(), RelayTable.Column.AGAIN, "yes");
        }
        RelayTable.record(StockClient.PSQL, RelayTable.Column.LOST, "exit status " + psql.awaitExit(RelayStage.LIMIT));
        RelayTable.record(StockClient.PSQL, RelayTable.Column.AGAIN, "the next psql");
    }
}
