package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** conmgr's own end, or stillness: what its applications and the instances make of it. */
class ConmgrDeathTest {

    /** Enough to start a conmgr in on a busy machine. */
    private static final long RETURN_MILLIS = 5000;

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
        client = stage.client();
    }

    @AfterEach
    void quiet() {
        stage.expectAlarm("terminating connection due to administrator command");
        stage.expectQuietLogs();
    }

    private Client.Running waitInAStatement(String name, String url) {
        client.open(name, url).expectOk();
        String sleep = "SELECT pg_sleep(3600) /* " + name + " */";
        Client.Running running = client.start("sql", name, sleep);
        Await.until(
                "the statement runs",
                Stage.LIMIT,
                () -> stage.one()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = '" + sleep + "'")
                        .equals("1"));
        return running;
    }

    private Client.Running stock() {
        return waitInAStatement("stock", "jdbc:postgresql://db1:27500/postgres");
    }

    @Test
    @Proves({"T4", "A2", "L6", "L7"})
    void itsSessionsEndAtOnceAndAllOfItsHostATimeoutLater() {
        stage.ready(Stage.TIMEOUT_MILLIS);
        stage.awaitArmed();
        Client.Running ours = waitInAStatement("ours", Story.conmgrUrl("primary"));
        Client.Running stock = stock();
        long killed = Stage.now();
        stage.conmgr().kill();
        long told = ours.await().expectError("08006").nanos();
        assertTrue(Stage.millis(killed, told) < Stage.MARGIN_MILLIS);
        stage.oneLog().await("ARMED -> LOST");
        stage.oneLog().await("LOST -> DEAD");
        long ended = stock.await().expectError("57P01").nanos();
        long millis = Stage.millis(killed, ended);
        assertTrue(millis >= Stage.TIMEOUT_MILLIS - 2 * Stage.INTERVAL_MILLIS, "ended after " + millis + " ms");
        assertTrue(millis < Stage.TIMEOUT_MILLIS + Stage.MARGIN_MILLIS, "ended after " + millis + " ms");
        Await.until("no session is left", Stage.LIMIT, () -> stage.isFree(stage.one()));
        Client.Outcome refused = client.open("x", Story.conmgrUrl("primary")).expectError("08001");
        assertTrue(refused.text().contains("localhost"), refused.text());
    }

    @Test
    @Proves("L7")
    void aConmgrThatReturnsInTimeCostsItsHostNothing() {
        stage.ready(RETURN_MILLIS);
        stage.awaitArmed();
        Client.Running stock = stock();
        long killed = Stage.now();
        stage.conmgr().kill();
        stage.conmgr().ctl("start", "-W").expectSuccess();
        stage.oneLog().await("LOST -> ARMED");
        // Now the time passes at which the first one would have been dead.
        Await.until(
                "the first one's timeout has passed",
                Stage.LIMIT,
                () -> Stage.millis(killed, Stage.now()) > RETURN_MILLIS + 4 * Stage.INTERVAL_MILLIS);
        assertFalse(stock.hasEnded());
        assertEquals(List.of(), stage.oneLog().linesWith("-> DEAD"));
        stage.one().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%/* stock */'");
        stock.await().expectError("57P01");
    }

    @Test
    @Proves({"L1", "L2"})
    void afterAFreezeItReadsFirstAndConnectsAgain() {
        stage.ready(Stage.TIMEOUT_MILLIS);
        stage.awaitArmed();
        Client.Running stock = stock();
        long pid = stage.conmgr().pid();
        stage.conmgr().signal("STOP");
        stock.await().expectError("57P01");
        stage.oneLog().await("ARMED -> DEAD");
        stage.conmgr().signal("CONT");
        stage.conmgrLog().await("heartbeat loop woke");
        stage.conmgrLog().await("instance 0: SUSPECT -> ALIVE");
        assertEquals(pid, stage.conmgr().pid());
        assertTrue(stage.conmgr().isRunning());
        assertEquals(List.of(), stage.conmgrLog().linesWith("-> DOWN"), "the instances were never silent");
        client.open("x", Story.conmgrUrl("primary")).expectOk();
    }
}
