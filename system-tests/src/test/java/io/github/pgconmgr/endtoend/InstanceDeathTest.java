package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An instance's process, or a part of it, ends while its host lives: everything is known by closed connections, so the timeout,
 * which is long here, plays no part.
 */
class InstanceDeathTest {

    private static final String PRIMARY = Story.conmgrUrl("primary");

    private static Stage stage;
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
    void ready() {
        stage.ready(Stage.LONG_TIMEOUT_MILLIS);
        client = stage.client();
        client.open("w", PRIMARY).expectOk();
        client.open("r", Story.conmgrUrl("secondary")).expectOk();
    }

    @AfterEach
    void quiet() {
        stage.expectAlarm("terminating connection due to");
        stage.expectAlarm("the database system is s");
        stage.expectQuietLogs();
    }

    @Test
    @Proves({"L8", "T4"})
    void aWatchdogThatIsRestartedCostsNoSession() {
        Client.Running statement = client.start("sql", "w", "SELECT pg_sleep(3600)");
        stage.one().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'watchdog'");
        stage.conmgrLog().await("ALIVE -> SUSPECT");
        Client.Outcome refused = client.open("x", PRIMARY).expectError("08001");
        assertTrue(refused.text().contains("instance 0 has been suspect"), refused.text());
        stage.conmgrLog().await("SUSPECT -> ALIVE");
        client.open("x", PRIMARY).expectOk();
        assertFalse(statement.hasEnded());
        assertEquals(List.of(), stage.conmgrLog().linesWith("client sessions were told"));
        client.sql("r", "SELECT 1").expectOk();
        stage.one().sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)'");
        statement.await().expectError("57014");
        client.sql("w", "SELECT 1").expectOk();
        stage.expectAlarm("canceling statement due to user request");
    }

    @Test
    @Proves({"T4", "A2"})
    void anImmediateStopIsKnownAtOnce() {
        long stopped = Stage.now();
        stage.one().stop(PgInstance.StopMode.IMMEDIATE);
        expectDownAtOnce(stopped);
    }

    @Test
    @Proves({"T4", "A2"})
    void theEndOfThePostmasterAndAllItsProcessesIsKnownAtOnce() {
        long stopped = Stage.now();
        stage.one().kill();
        expectDownAtOnce(stopped);
    }

    private void expectDownAtOnce(long stopped) {
        stage.conmgrLog().await("ALIVE -> SUSPECT");
        stage.conmgrLog().await("SUSPECT -> DOWN: backend_port refuses connections");
        stage.conmgrLog().await("1 client sessions were told");
        assertTrue(Stage.millis(stopped, Stage.now()) < Stage.LONG_TIMEOUT_MILLIS / 2);
        client.sql("w", "SELECT 1").expectCut();
        client.sql("r", "SELECT 1").expectOk();
        Client.Outcome refused = client.open("x", PRIMARY).expectError("08001");
        assertTrue(refused.text().contains("instance 0 has been down"), refused.text());
    }

    @Test
    @Proves({"T4", "A2"})
    void aRestartTellsTheOldSessionsAndTakesNewOnes() {
        stage.one().restart();
        stage.conmgrLog().await("ALIVE -> DOWN: the instance is stopping");
        stage.conmgrLog().await("1 client sessions were told: the instance is stopping");
        stage.conmgrLog().await("DOWN -> ALIVE");
        client.sql("w", "SELECT 1").expectCut();
        client.open("w", PRIMARY).expectOk();
        client.sql("r", "SELECT 1").expectOk();
    }

    @Test
    @Proves("T5")
    void aSmartStopTakesNoNewSessionsAndKeepsTheOldOnes() {
        String postmaster = Long.toString(stage.one().pid());
        stage.one()
                .machine()
                .run(Account.OURSELVES, List.of("kill", "-TERM", postmaster))
                .expectSuccess();
        // Until conmgr is told, a check interval later, the instance itself says no.
        Await.until(
                "no new session",
                Stage.LIMIT,
                () -> client.open("x", PRIMARY).text().contains("instance 0 is shutting down"));
        client.sql("w", "SELECT 1").expectOk();
        assertTrue(stage.isAlive(0));
        client.leave("w");
        stage.conmgrLog().await("ALIVE -> DOWN: the instance is stopping");
        Await.until("it has ended", Stage.LIMIT, () -> !stage.one().isRunning());
    }
}
