package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** cm_ctl reload and restart, with applications and real instances: who keeps what, and who judges by which timeout. */
class ReloadTest {

    private static final String PRIMARY = Story.conmgrUrl("primary");
    private static final long NEW_TIMEOUT_MILLIS = 2000;

    /** Enough to start a conmgr in on a busy machine. */
    private static final long RETURN_MILLIS = 10_000;

    private static Stage stage;
    private Conmgr conmgr;
    private Client client;

    @BeforeAll
    static void build() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void anApplicationIsConnected() {
        stage.ready(RETURN_MILLIS);
        stage.awaitArmed();
        conmgr = stage.conmgr();
        client = stage.client();
        client.open("w", PRIMARY).expectOk();
        client.open("stock", "jdbc:postgresql://db1:27500/postgres").expectOk();
    }

    @AfterEach
    void quiet() {
        stage.expectAlarm("terminating connection due to administrator command");
        stage.expectAlarm("could not receive data from client");
        stage.expectAlarm("connection to client lost");
        stage.expectQuietLogs();
        // So that the next test begins with its own conmgr.conf.
        if (conmgr.isRunning()) {
            conmgr.ctl("stop").expectSuccess();
        }
    }

    private void reload(long timeoutMillis) {
        conmgr.configure(Stage.configuration(
                timeoutMillis, stage.one().address(), stage.two().address()));
        conmgr.ctl("reload").expectSuccess();
        for (PgInstance instance : List.of(stage.one(), stage.two())) {
            Await.until(
                    "the view shows the new timeout",
                    Stage.LIMIT,
                    () -> instance.sql("SELECT heartbeat_timeout FROM pgx_stat_watchdog")
                            .equals(Long.toString(timeoutMillis / 1000)));
        }
    }

    @Test
    @Proves({"L4", "S4"})
    void aShorterTimeoutCutsNobodyAndIsJudgedByFromThenOn() {
        reload(NEW_TIMEOUT_MILLIS);
        client.sql("w", "SELECT 1").expectOk();
        client.sql("stock", "SELECT 1").expectOk();
        assertEquals(List.of(), stage.oneLog().linesWith("-> LOST"));
        assertEquals(List.of(), stage.conmgrLog().linesWith("-> SUSPECT"));

        Client.Running statement = client.start("sql", "w", "SELECT pg_sleep(3600)");
        long cut = Stage.now();
        stage.story().lab().powerOff(stage.story().db1());
        long told = Stage.millis(cut, statement.await().expectCut().nanos());
        assertTrue(told < NEW_TIMEOUT_MILLIS + Stage.MARGIN_MILLIS, "told after " + told + " ms");
    }

    @Test
    @Proves({"L1", "L4"})
    void theInstancesJudgeByTheShorterTimeoutToo() {
        reload(NEW_TIMEOUT_MILLIS);
        // Until conmgr has beaten for one new timeout, the old one counts.
        long reloaded = Stage.now();
        Await.until(
                "one new timeout has passed",
                Stage.LIMIT,
                () -> Stage.millis(reloaded, Stage.now()) > NEW_TIMEOUT_MILLIS + Stage.MARGIN_MILLIS);
        long cut = Stage.now();
        stage.story().lab().powerOff(stage.story().app());
        Await.until("the sessions are gone", Stage.LIMIT, () -> stage.isFree(stage.one()));
        long freed = Stage.millis(cut, Stage.now());
        assertTrue(freed < NEW_TIMEOUT_MILLIS + Stage.MARGIN_MILLIS, "free after " + freed + " ms");
        stage.story().lab().boot(stage.story().app());
    }

    @Test
    @Proves("L7")
    void aRestartCostsTheConnectionsThroughConmgrAndNoOthers() {
        Client.Running statement = client.start("sql", "w", "SELECT pg_sleep(3600)");
        conmgr.ctl("restart").expectSuccess();
        statement.await().expectError("08006");
        stage.oneLog().await("LOST -> ARMED");
        client.sql("stock", "SELECT 1").expectOk();
        assertEquals(List.of(), stage.oneLog().linesWith("-> DEAD"));
        assertFalse(client.open("again", PRIMARY).expectOk().isEmpty());
    }
}
