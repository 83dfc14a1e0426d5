package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkerRestartTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1", "app2");

    private static final long TIMEOUT_NANOS = WatchdogLab.TIMEOUT_MILLIS * 1_000_000L;

    private static PgInstance primary;

    @BeforeAll
    static void start() {
        primary = LAB.primary("db1", Map.of());
        primary.sql("CREATE EXTENSION watchdog");
    }

    private static void end(String worker) {
        primary.sql("SELECT pg_terminate_backend(" + WatchdogLab.worker(primary, worker) + ")");
    }

    private static void set(String setting, String value) {
        primary.set(setting, value);
        primary.reload();
        Await.until(
                "the reload",
                WatchdogLab.LIMIT,
                () -> primary.sql("SHOW " + setting).equals(value));
    }

    @Test
    @Proves({"L5", "L7"})
    void conmgrsThatReturnToTheNextWorkerAreAdoptedAndNobodyIsEnded() {
        ConmgrProcess conmgr = LAB.conmgr("app1", primary, WatchdogLab.INTERVAL_MILLIS, WatchdogLab.TIMEOUT_MILLIS);
        ConmgrProcess other = LAB.armedConmgr("app2", primary);
        conmgr.awaitArmed();
        List<SqlSession> sessions = List.of(LAB.session("app1", primary), LAB.session("app2", primary));
        long before = Timed.now();
        end("watchdog");
        for (ConmgrProcess each : List.of(conmgr, other)) {
            each.awaitAfter(before, "ENDED");
            each.command("connect");
        }
        assertEquals("0", primary.sql("SELECT count(*) FROM pgx_stat_watchdog"));
        for (ConmgrProcess each : List.of(conmgr, other)) {
            each.awaitAfter(before, "WELCOME");
        }
        assertEquals(1, primary.log().linesWith("adopted 2 of 2 conmgrs").size());
        Await.until(
                "the view shows both",
                WatchdogLab.LIMIT,
                () -> primary.sql("SELECT count(*) FROM pgx_stat_watchdog").equals("2"));
        WatchdogLab.awaitTime(Timed.now() + TIMEOUT_NANOS + 500_000_000L);
        assertTrue(sessions.stream().allMatch(SqlSession::isOpen));
        assertNull(Judgement.find(primary, conmgr.id()));
        assertNull(Judgement.find(primary, other.id()));
    }

    @Test
    @Proves({"L1", "L5"})
    void aHostThatDiesWhileTheWorkerIsAwayIsJudgedOneTimeoutAfterTheAdoption() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary).lock(5);
        SqlSession other = LAB.session("app2", primary);
        int adoptions = adoptions();
        end("watchdog");
        conmgr.await("ENDED");
        LAB.net().cut(LAB.host("app1"));
        try {
            Await.until("the adoption", WatchdogLab.LIMIT, () -> adoptions() > adoptions);
            assertTrue(session.isOpen());
            session.awaitEnd();
        } finally {
            LAB.net().heal(LAB.host("app1"));
        }
        Judgement judgement = Judgement.await(conmgr);
        assertEquals("timeout", judgement.reason());
        assertEquals(1, judgement.sessions());
        assertTrue(judgement.silenceMillis() >= WatchdogLab.TIMEOUT_MILLIS, judgement.toString());
        assertTrue(other.isOpen());
    }

    private static int adoptions() {
        return primary.log().linesWith("adopted 1 of 1 conmgrs").size();
    }

    @Test
    @Proves({"L5", "L6"})
    void aTerminatorThatIsStartedAgainCarriesOutWhatWasJudgedMeanwhile() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        LAB.expectAlarm("the terminator is not running");
        end("terminator");
        conmgr.command("goodbye stop");
        session.awaitEnd();
        assertEquals(1, Judgement.await(conmgr).sessions());
    }

    @Test
    @Proves("L6")
    void aReloadToLogOnlySaysWhatWouldEndAndToOffSaysNothing() {
        ConmgrProcess shown = LAB.conmgr("app1", primary, WatchdogLab.INTERVAL_MILLIS, WatchdogLab.TIMEOUT_MILLIS);
        ConmgrProcess ignored = LAB.armedConmgr("app2", primary);
        shown.awaitArmed();
        List<SqlSession> sessions = List.of(LAB.session("app1", primary), LAB.session("app2", primary));
        set("watchdog.terminate", "log");
        shown.command("goodbye stop");
        Judgement judgement = Judgement.await(shown);
        assertEquals("that would end", judgement.verb());
        assertEquals(1, judgement.sessions());
        set("watchdog.terminate", "off");
        ignored.command("goodbye stop");
        Await.until(
                "its death",
                WatchdogLab.LIMIT,
                () -> ignored.transitions("DEAD").size() == 1);
        set("watchdog.terminate", "on");
        WatchdogLab.awaitTime(Timed.now() + 1_200_000_000L);
        assertTrue(sessions.stream().allMatch(SqlSession::isOpen));
        assertNull(Judgement.find(primary, ignored.id()));
    }

    @Test
    @Proves({"L1", "L2"})
    void aWatchdogThatStoodStillForTwoTimeoutsBlamesNobody() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        String pid = WatchdogLab.worker(primary, "watchdog");
        int stalls = primary.log().linesWith("this process was stalled for").size();
        LAB.host("db1").exec("kill", "-STOP", pid).expectSuccess();
        WatchdogLab.awaitTime(Timed.now() + 2 * TIMEOUT_NANOS);
        LAB.host("db1").exec("kill", "-CONT", pid).expectSuccess();
        long goesOn = Timed.now();
        conmgr.awaitAfter(goesOn, "BEAT", 3);
        Await.until(
                "the stall is logged",
                WatchdogLab.LIMIT,
                () -> primary.log().linesWith("this process was stalled for").size() > stalls);
        WatchdogLab.awaitTime(goesOn + TIMEOUT_NANOS);
        assertTrue(session.isOpen());
        assertNull(Judgement.find(primary, conmgr.id()));
        assertEquals(List.of(), conmgr.all("ENDED"));
    }

    @Test
    @Proves({"L5", "L6"})
    void afterACrashRestartOfTheInstanceBothWorkersGoOn() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession victim = LAB.session("app1", primary);
        LAB.expectAlarm("was terminated by signal 9");
        LAB.expectAlarm("terminating connection because of crash");
        long before = Timed.now();
        LAB.host("db1").exec("kill", "-KILL", victim.pid()).expectSuccess();
        conmgr.awaitAfter(before, "ENDED");
        conmgr.succeed();
        conmgr.awaitAfter(before, "WELCOME");
        Await.until(
                "the view shows it",
                WatchdogLab.LIMIT,
                () -> primary.sql("SELECT count(*) FROM pgx_stat_watchdog").equals("1"));
        conmgr.awaitArmed();
        SqlSession session = LAB.session("app1", primary);
        conmgr.command("goodbye stop");
        session.awaitEnd();
        assertEquals(1, Judgement.await(conmgr).sessions());
    }
}
