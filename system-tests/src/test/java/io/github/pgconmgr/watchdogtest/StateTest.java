package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StateTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "db2", "app1");

    /** watchdog.check_attr_interval is 100 ms; the rest is the time that a busy machine may take. */
    private static final long PUSH_LIMIT_MILLIS = 1100;

    private static PgInstance primary;
    private static PgInstance standby;

    @BeforeAll
    static void start() {
        primary = LAB.primary("db1", Map.of());
        standby = LAB.standby("db2", primary, Map.of());
    }

    private static ConmgrProcess conmgrOf(PgInstance instance) {
        return LAB.conmgr("app1", instance, 200, WatchdogLab.NEVER_MILLIS);
    }

    @Test
    @Proves("T5")
    void aPromotionIsPushed() {
        ConmgrProcess conmgr = conmgrOf(standby);
        standby.promote();
        long promoted = Timed.now();
        Timed state = conmgr.await("STATE");
        assertEquals("primary,writable,up,2", state.details());
        assertTrue(state.millisAfter(promoted) < PUSH_LIMIT_MILLIS, state.millisAfter(promoted) + " ms");
    }

    @Test
    @Proves("T5")
    void readOnlyByReloadIsPushedAndSoIsItsEnd() {
        ConmgrProcess conmgr = conmgrOf(primary);
        for (String value : List.of("on", "off")) {
            long before = Timed.now();
            primary.set("default_transaction_read_only", value);
            primary.reload();
            long reloaded = Timed.now();
            Timed state = conmgr.awaitAfter(before, "STATE");
            assertEquals(value.equals("on") ? "primary,read-only,up,1" : "primary,writable,up,1", state.details());
            assertTrue(state.millisAfter(reloaded) < PUSH_LIMIT_MILLIS, state.millisAfter(reloaded) + " ms");
        }
        assertEquals(2, conmgr.all("STATE").size());
    }

    @Test
    @Proves({"T5", "L2"})
    void aSmartShutdownIsPushedAtOnceAndTheGoodbyeComesWhenTheLastSessionHasLeft() {
        ConmgrProcess conmgr = conmgrOf(primary);
        SqlSession session = LAB.session("app1", primary);
        long before = Timed.now();
        LAB.host("db1").exec("kill", "-TERM", Long.toString(primary.pid())).expectSuccess();
        Timed state = conmgr.await("STATE");
        assertEquals("primary,writable,stopping,1", state.details());
        assertTrue(state.millisAfter(before) < PUSH_LIMIT_MILLIS, state.millisAfter(before) + " ms");
        conmgr.awaitAfter(state.nanos(), "BEAT", 3);
        assertEquals(List.of(), conmgr.all("GOODBYE"));
        session.close();
        assertEquals("INSTANCE_STOPPING", conmgr.await("GOODBYE").details());
        conmgr.await("ENDED");
        startAgain();
        assertNotEquals(
                conmgr.await("WELCOME").details(),
                conmgrOf(primary).await("WELCOME").details());
    }

    @Test
    @Proves("T5")
    void aFastStopSaysGoodbyeToEveryConmgr() {
        List<ConmgrProcess> conmgrs = List.of(conmgrOf(primary), conmgrOf(primary));
        primary.stop(PgInstance.StopMode.FAST);
        for (ConmgrProcess conmgr : conmgrs) {
            assertEquals("INSTANCE_STOPPING", conmgr.await("GOODBYE").details());
            conmgr.await("ENDED");
        }
        startAgain();
    }

    @Test
    @Proves("L5")
    void aWorkerThatIsEndedAloneSaysNoGoodbyeAndItsSuccessorIsOfTheSamePostmaster() {
        ConmgrProcess conmgr = conmgrOf(primary);
        String pid = WatchdogLab.worker(primary, "watchdog");
        long before = Timed.now();
        primary.sql("SELECT pg_terminate_backend(" + pid + ")");
        conmgr.await("ENDED");
        conmgr.command("connect");
        assertEquals(
                conmgr.await("WELCOME").details(),
                conmgr.awaitAfter(before, "WELCOME").details());
        assertEquals(List.of(), conmgr.all("GOODBYE"));
        assertNotEquals(pid, WatchdogLab.worker(primary, "watchdog"));
    }

    @Test
    @Proves("L5")
    void anImmediateStopSaysNoGoodbye() {
        ConmgrProcess conmgr = conmgrOf(primary);
        LAB.expectAlarm("WARNING:  terminating connection because of crash");
        primary.stop(PgInstance.StopMode.IMMEDIATE);
        conmgr.await("ENDED");
        assertEquals(List.of(), conmgr.all("GOODBYE"));
        startAgain();
    }

    @Test
    @Proves("L5")
    void aPostmasterThatIsKilledTakesTheWatchdogAlong() {
        ConmgrProcess conmgr = conmgrOf(primary);
        LAB.host("db1").exec("kill", "-KILL", Long.toString(primary.pid())).expectSuccess();
        conmgr.await("ENDED");
        assertEquals(List.of(), conmgr.all("GOODBYE"));
        Await.until(
                "no process is left",
                WatchdogLab.LIMIT,
                () -> LAB.host("db1").exec("pgrep", "-x", "postgres").out().isEmpty());
        startAgain();
        assertNotEquals(
                conmgr.await("WELCOME").details(),
                conmgrOf(primary).await("WELCOME").details());
    }

    private static void startAgain() {
        Await.until("the primary has ended", WatchdogLab.LIMIT, () -> !primary.isRunning());
        primary.start();
    }
}
