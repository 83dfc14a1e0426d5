package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cm_ctl start waits for, with instances that are there or not. */
@Proves("C8")
class StartTest {

    private static Stage stage;
    private static Conmgr conmgr;

    @BeforeAll
    static void build() {
        stage = new Stage();
        conmgr = stage.conmgr();
        conmgr.configure(Stage.configuration(
                Stage.LONG_TIMEOUT_MILLIS, stage.one().address(), stage.two().address()));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void bothInstancesRunAndNoConmgr() {
        for (PgInstance instance : new PgInstance[] {stage.one(), stage.two()}) {
            if (!instance.isRunning()) {
                instance.start();
            }
        }
        stage.watchLogs();
    }

    @AfterEach
    void stop() {
        conmgr.ctl("stop").expectSuccess();
        stage.expectAlarm("the database system is s");
        stage.expectQuietLogs();
    }

    @Test
    void startWaitsUntilThePrimaryIsHeard() {
        stage.one().stop(PgInstance.StopMode.FAST);
        Program start = conmgr.startCtl("start");
        Await.until("the standby is heard", Stage.LIMIT, () -> conmgr.isRunning() && stage.isAlive(1));
        assertTrue(start.isAlive(), "a standby is not enough");
        stage.one().start();
        assertEquals(0, start.awaitExit(Stage.LIMIT));
        assertTrue(
                start.output().linesWith("the heartbeat to the primary stands").size() == 1);
        assertTrue(stage.isAlive(0));
    }

    @Test
    void completeWaitsForTheStandbyToo() {
        stage.two().stop(PgInstance.StopMode.FAST);
        Program start = conmgr.startCtl("start", "--complete");
        Await.until("the primary is heard", Stage.LIMIT, () -> conmgr.isRunning() && stage.isAlive(0));
        assertTrue(start.isAlive(), "the primary is not enough");
        stage.two().start();
        assertEquals(0, start.awaitExit(Stage.LIMIT));
        assertTrue(stage.isAlive(0) && stage.isAlive(1));
    }

    @Test
    void whenTheLimitPassesConmgrStaysUp() {
        stage.one().stop(PgInstance.StopMode.FAST);
        Finished start = conmgr.ctl("start", "-t", "2");
        assertEquals(1, start.exit());
        assertTrue(start.err().contains("did not stand within 2 s; conmgr stays up"), start.err());
        assertTrue(conmgr.isRunning());
        stage.one().start();
        Await.until("the primary is heard after all", Stage.LIMIT, () -> stage.isAlive(0));
    }

    @Test
    void withoutWaitingItReturnsBeforeAnybodyIsHeard() {
        stage.one().stop(PgInstance.StopMode.FAST);
        conmgr.ctl("start", "-W").expectSuccess();
        assertTrue(conmgr.isRunning());
        assertTrue(!conmgr.statusOf(0).contains("ALIVE"), conmgr.statusOf(0));
    }
}
