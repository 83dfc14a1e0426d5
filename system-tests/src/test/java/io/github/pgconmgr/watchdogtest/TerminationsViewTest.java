package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** pgx_stat_watchdog_terminations: what became of each judgement. */
@Proves("L6")
class TerminationsViewTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1", "app2");

    private static final int TIMEOUT_MILLIS = WatchdogLab.TIMEOUT_MILLIS;

    private static PgInstance primary;

    @BeforeAll
    static void start() {
        primary = LAB.primary("db1", Map.of("authentication_timeout", "2s"));
        primary.sql("CREATE EXTENSION watchdog");
        primary.sql("CREATE TABLE held (id integer)");
    }

    @Test
    void aDeadHostsRowSaysWhatItsSessionsHeldAndWhatBecameOfThem() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession holder = LAB.session("app1", primary);
        SqlSession idle = LAB.session("app1", primary);
        LAB.session("app2", primary).lock(9);
        holder.run("BEGIN", "LOCK TABLE held IN EXCLUSIVE MODE", "SELECT * FROM held", "SELECT pg_advisory_lock(8)");
        Await.until("its last lock", WatchdogLab.LIMIT, () -> holder.holds(8));
        String locks = primary.sql("SELECT count(*) FROM pg_locks WHERE granted AND pid = " + holder.pid());
        String begun = primary.sql("SELECT xact_start FROM pg_stat_activity WHERE pid = " + holder.pid());
        conmgr.pause();
        holder.awaitEnd();
        idle.awaitEnd();
        Termination row = Termination.await(conmgr, Termination::finished);
        assertEquals(
                new Termination(
                        LAB.host("app1").address(),
                        "app1",
                        "timeout",
                        row.silenceMillis(),
                        "on",
                        2,
                        2,
                        0,
                        locks,
                        true,
                        true),
                row);
        assertTrue(Integer.parseInt(locks) >= 4, locks);
        assertTrue(row.silenceMillis() >= TIMEOUT_MILLIS, row.toString());
        assertEquals(
                "t|t",
                primary.sql("SELECT abs(extract(epoch FROM judged_at - oldest_transaction - '" + begun
                        + "'::timestamptz)) < 0.001, finished_at - judged_at BETWEEN '2s' AND '12s' "
                        + "FROM pgx_stat_watchdog_terminations WHERE conmgr_id = '" + conmgr.id() + "'"));
    }

    @Test
    void aClosedConmgrAndAGoodbyeSaySo() {
        ConmgrProcess closed = LAB.armedConmgr("app1", primary);
        ConmgrProcess stopped = LAB.armedConmgr("app2", primary);
        SqlSession first = LAB.session("app1", primary);
        SqlSession second = LAB.session("app2", primary);
        closed.command("close");
        stopped.command("goodbye stop");
        first.awaitEnd();
        second.awaitEnd();
        Termination ofClosed = Termination.await(closed, row -> row.signalled() == 1);
        Termination ofStopped = Termination.await(stopped, row -> row.signalled() == 1);
        assertEquals("closed", ofClosed.reason());
        assertEquals("goodbye", ofStopped.reason());
        assertTrue(ofStopped.silenceMillis() < TIMEOUT_MILLIS, ofStopped.toString());
        assertEquals("0", ofStopped.locks());
        assertFalse(ofStopped.hadTransaction());
        Termination.await(closed, Termination::finished);
    }

    @Test
    void inLogModeItSaysWhatWouldHaveEndedAndWithOffThereIsNoRow() {
        ConmgrProcess shown = LAB.armedConmgr("app1", primary);
        ConmgrProcess ignored = LAB.armedConmgr("app2", primary);
        SqlSession holder = LAB.session("app1", primary).lock(7);
        LAB.session("app2", primary);
        LAB.set(primary, "watchdog.terminate", "log");
        shown.command("goodbye stop");
        Termination row = Termination.await(shown, one -> !one.locks().isEmpty());
        LAB.set(primary, "watchdog.terminate", "off");
        ignored.command("goodbye stop");
        Await.until(
                "its death",
                WatchdogLab.LIMIT,
                () -> ignored.transitions("DEAD").size() == 1);
        LAB.set(primary, "watchdog.terminate", "on");
        assertEquals(List.of("log", 1, 0, "1"), List.of(row.mode(), row.victims(), row.signalled(), row.locks()));
        assertNull(Termination.find(primary, ignored.id()));
        assertTrue(holder.isOpen());
        assertTrue(Termination.await(shown, Termination::finished).finished(), "off drops what is followed up");
    }

    @Test
    void aSessionThatDoesNotEndIsASurvivor() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        String pid = session.pid();
        LAB.expectAlarm("sessions still there 5 s after SIGTERM: 1");
        LAB.host("db1").exec("kill", "-STOP", pid).expectSuccess();
        try {
            conmgr.command("goodbye stop");
            Termination row = Termination.await(conmgr, one -> one.survivors() == 1);
            assertEquals(List.of(1, 1), List.of(row.victims(), row.signalled()));
        } finally {
            LAB.host("db1").exec("kill", "-CONT", pid).expectSuccess();
        }
        session.awaitEnd();
        Termination.await(conmgr, Termination::finished);
    }

    @Test
    void itSurvivesTheRestartOfBothWorkers() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        conmgr.command("goodbye stop");
        session.awaitEnd();
        Termination before = Termination.await(conmgr, Termination::finished);
        for (String worker : List.of("watchdog", "terminator")) {
            String pid = WatchdogLab.worker(primary, worker);
            primary.sql("SELECT pg_terminate_backend(" + pid + ")");
            Await.until("the next " + worker, WatchdogLab.LIMIT, () -> {
                String now = WatchdogLab.worker(primary, worker);
                return !now.isEmpty() && !now.equals(pid);
            });
        }
        assertEquals(before, Termination.find(primary, conmgr.id()));
    }

    @Test
    void monitorsSeeEverythingAndOthersNotWhoItWas() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        conmgr.command("goodbye stop");
        Termination.await(conmgr, one -> true);
        primary.sql("CREATE ROLE monitor IN ROLE pg_monitor; CREATE ROLE plain");
        String who = "SELECT count(*) > 0, count(client_addr) = count(*), count(client_addr), count(conmgr_id), "
                + "count(machine_id), count(judged_at) = count(*), count(reason) = count(*) "
                + "FROM pgx_stat_watchdog_terminations";
        String rows = primary.sql("SELECT count(*) FROM pgx_stat_watchdog_terminations");
        assertEquals("t|t|" + rows + "|" + rows + "|" + rows + "|t|t", primary.sql("SET ROLE monitor; " + who));
        assertEquals("t|f|0|0|0|t|t", primary.sql("SET ROLE plain; " + who));
    }
}
