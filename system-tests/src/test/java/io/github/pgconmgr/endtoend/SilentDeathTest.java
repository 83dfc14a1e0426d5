package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts and links that fall silent: nobody is told by TCP, the timeout alone decides. The demo plays the cut both ways. */
class SilentDeathTest {

    private static final String PRIMARY = Story.conmgrUrl("primary");
    private static final String SLEEP = "SELECT pg_sleep(3600)";
    private static final long SEEN_MILLIS = Stage.TIMEOUT_MILLIS + Stage.INTERVAL_MILLIS + Stage.MARGIN_MILLIS;

    private static Stage stage;
    private Client client;
    private Client.Running ours;
    private Client.Running stock;

    @BeforeAll
    static void build() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void twoSessionsWaitInAStatement() {
        stage.ready(Stage.TIMEOUT_MILLIS);
        client = stage.client();
        client.open("ours", PRIMARY).expectOk();
        client.open("idle", PRIMARY).expectOk();
        client.open("reader", Story.conmgrUrl("secondary")).expectOk();
        client.open("stock", "jdbc:postgresql://db1:27500/postgres").expectOk();
        ours = client.start("sql", "ours", SLEEP);
        stock = client.start("sql", "stock", SLEEP);
        Await.until(
                "both wait",
                Stage.LIMIT,
                () -> stage.one()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE query = '" + SLEEP + "' AND state = 'active'")
                        .equals("2"));
        // Last, as a peer that is not armed costs no session: a busy machine may have kept conmgr silent meanwhile.
        stage.awaitArmed();
    }

    @AfterEach
    void quiet() {
        stage.expectAlarm("terminating connection due to administrator command");
        stage.expectAlarm("could not receive data from client");
        stage.expectAlarm("could not send data to client");
        stage.expectAlarm("connection to client lost");
        stage.expectQuietLogs();
    }

    @Test
    @Proves({"L1", "T4", "A2"})
    void aPowerLossOfTheInstancesHostEndsTheWaitOfTheApplicationWithinTheTimeout() {
        long cut = Stage.now();
        stage.story().lab().powerOff(stage.story().db1());
        expectToldInTime(cut);
        stage.conmgrLog().await("ALIVE -> DOWN: no heartbeat for");
        client.sql("idle", "SELECT 1").expectError("08006");
        client.sql("reader", "SELECT 1").expectOk();
        Client.Outcome refused = client.open("x", PRIMARY).expectError("08001");
        assertTrue(refused.text().contains("instance 0 has been down"), refused.text());

        // The host comes back: new boot, new postmaster.
        stage.story().lab().boot(stage.story().db1());
        stage.one().start();
        stage.conmgrLog().await("DOWN -> ALIVE");
        assertEquals(stage.one().address(), client.open("x", PRIMARY).expectOk());
    }

    private void expectToldInTime(long cut) {
        long told = ours.await().expectCut().nanos();
        assertTrue(Stage.millis(cut, told) < SEEN_MILLIS, "told after " + Stage.millis(cut, told) + " ms");
    }

    @Test
    @Proves({"L1", "L2", "L6", "L7"})
    void aPowerLossOfTheApplicationsHostEndsItsSessionsAtTheInstances() {
        long cut = Stage.now();
        stage.story().lab().powerOff(stage.story().app());
        Await.until("the sessions are gone", Stage.LIMIT, () -> stage.isFree(stage.one()) && stage.isFree(stage.two()));
        long freed = Stage.millis(cut, Stage.now());
        assertTrue(freed < SEEN_MILLIS, "free after " + freed + " ms");
        stage.oneLog().await("is dead, sessions ended: 3 ");
        stage.twoLog().await("is dead, sessions ended: 1 ");
        assertEquals("", stage.one().sql("SELECT * FROM pgx_stat_watchdog"));
    }

    @Test
    @Proves({"L1", "L2", "L6"})
    void whenTheInstanceIsNotHeardAnyMoreBothSidesAct() {
        long cut = Stage.now();
        stage.story().lab().cutFrom(stage.story().db1());
        expectToldInTime(cut);
        client.sql("idle", "SELECT 1").expectError("08006");
        // Without an answer TCP soon sends nothing new: the instance's timeout begins some beats after the cut.
        Await.until("the sessions are gone", Stage.LIMIT, () -> stage.isFree(stage.one()));
        long freed = Stage.millis(cut, Stage.now());
        assertTrue(freed < SEEN_MILLIS + Stage.TIMEOUT_MILLIS, "free after " + freed + " ms");
        stage.oneLog().await("-> DEAD");
        client.sql("reader", "SELECT 1").expectOk();
    }

    @Test
    @Proves({"L1", "L2", "L6"})
    void whenTheInstanceHearsNothingAnyMoreBothSidesAct() {
        long cut = Stage.now();
        stage.story().lab().cutTo(stage.story().db1());
        Await.until("the sessions are gone", Stage.LIMIT, () -> stage.isFree(stage.one()));
        long freed = Stage.millis(cut, Stage.now());
        assertTrue(freed < SEEN_MILLIS, "free after " + freed + " ms");
        expectToldInTime(cut);
        // What the instance says is heard, its last word too, also by those who know no conmgr.
        stock.await().expectError("57P01");
        stage.oneLog().await("ARMED -> DEAD");
        stage.conmgrLog().await("-> DOWN");
        client.sql("reader", "SELECT 1").expectOk();
    }
}
