package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An instance whose heartbeat closed is SUSPECT: every way out of it, on real servers (ADR 1). A single probe of {@code
 * backend_port} that is refused at once is in {@link InstanceDeathTest}, a watchdog that was only restarted as well.
 */
@Proves("T4")
class SuspectTest {

    private static final String PRIMARY = Story.conmgrUrl("primary");
    private static final int BACKEND_PORT = 27500;
    private static final int WATCHDOG_PORT = 27545;

    /** Long enough to see the state in, short enough to wait for. */
    private static final long SHORT_TIMEOUT_MILLIS = 3000;

    private static Stage stage;
    private static Firewall firewall;
    private Client client;

    @BeforeAll
    static void build() {
        stage = new Stage();
        firewall = new Firewall(stage.story().db1());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void open() {
        firewall.open();
    }

    @AfterEach
    void quiet() {
        firewall.open();
        stage.expectAlarm("terminating connection due to");
        stage.expectAlarm("the database system is");
        stage.expectQuietLogs();
    }

    private void ready(long timeoutMillis) {
        stage.ready(timeoutMillis);
        client = stage.client();
        client.open("w", PRIMARY).expectOk();
        stage.watchLogs();
    }

    private void expectRefused(String state) {
        Client.Outcome refused = client.open("x", PRIMARY).expectError("08001");
        assertTrue(refused.text().contains("instance 0 has been " + state), refused.text());
    }

    private void expectDownBySilence() {
        String down = stage.conmgrLog().await("SUSPECT -> DOWN: ");
        assertTrue(down.contains("no heartbeat for 3."), down);
        stage.conmgrLog().await("1 client sessions were told: no heartbeat for 3.");
        expectRefused("down");
    }

    @Test
    void aBackendPortThatIsSilentLeavesItSuspectUntilTheTimeout() {
        ready(SHORT_TIMEOUT_MILLIS);
        firewall.drop(BACKEND_PORT);
        stage.one().kill();
        stage.conmgrLog().await("ALIVE -> SUSPECT");
        expectRefused("suspect");
        expectDownBySilence();
        client.sql("w", "SELECT 1").expectCut();
    }

    @Test
    @Proves("L1")
    void aBackendPortThatAcceptsLeavesItSuspectUntilTheTimeout() {
        ready(SHORT_TIMEOUT_MILLIS);
        Client.Running statement = client.start("sql", "w", "SELECT pg_sleep(3600)");
        firewall.reset(WATCHDOG_PORT);
        stage.conmgrLog().await("ALIVE -> SUSPECT: connection lost");
        expectRefused("suspect");
        expectDownBySilence();
        statement.await().expectCut();
        firewall.open();
        stage.conmgrLog().await("DOWN -> ALIVE");
        client.open("w", PRIMARY).expectOk();
    }

    @Test
    void aPostmasterThatEndsMeanwhileMakesItDownBeforeTheTimeout() {
        ready(Stage.LONG_TIMEOUT_MILLIS);
        firewall.reset(WATCHDOG_PORT);
        stage.conmgrLog().await("ALIVE -> SUSPECT: connection lost");
        long stopped = Stage.now();
        stage.one().stop(PgInstance.StopMode.FAST);
        stage.conmgrLog().await("SUSPECT -> DOWN: backend_port refuses connections");
        assertTrue(Stage.millis(stopped, Stage.now()) < Stage.LONG_TIMEOUT_MILLIS / 2);
        client.sql("w", "SELECT 1").expectCut();
    }

    @Test
    @Proves("A2")
    void anInstanceThatIsRestartedMeanwhileHasItsOldSessionsToldAndIsAliveAgain() {
        ready(Stage.LONG_TIMEOUT_MILLIS);
        // Else the postmaster's end would be known by its port.
        firewall.drop(BACKEND_PORT);
        stage.one().kill();
        stage.one().start();
        stage.conmgrLog().await("1 client sessions were told: the instance was restarted");
        stage.conmgrLog().await("SUSPECT -> ALIVE");
        assertEquals(List.of(), stage.conmgrLog().linesWith("-> DOWN"));
        firewall.open();
        client.sql("w", "SELECT 1").expectCut();
        client.open("w", PRIMARY).expectOk();
    }

    @Test
    @Proves("A2")
    void crashRecoveryIsOverBeforeTheTimeoutAndTheSessionsLearnOfItFromTheirServer() {
        ready(Stage.LONG_TIMEOUT_MILLIS);
        Client.Running statement = client.start("sql", "w", "SELECT pg_sleep(3600)");
        String victim = stage.one().sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
        stage.story().db1().exec("kill", "-KILL", victim).expectSuccess();
        stage.expectAlarm("was terminated by signal 9");
        stage.expectAlarm("because of crash of another server process");
        stage.expectAlarm("The postmaster has commanded this server process");
        stage.conmgrLog().await("ALIVE -> SUSPECT");
        stage.conmgrLog().await("SUSPECT -> ALIVE");
        statement.await().expectCut();
        assertEquals(List.of(), stage.conmgrLog().linesWith("-> DOWN"));
        assertEquals(List.of(), stage.conmgrLog().linesWith("client sessions were told"));
        client.open("w", PRIMARY).expectOk();
    }
}
