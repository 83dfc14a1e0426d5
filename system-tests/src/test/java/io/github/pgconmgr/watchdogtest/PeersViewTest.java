package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What pgx_stat_watchdog shows behind its documented columns. */
@Proves("S4")
class PeersViewTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1", "app2");

    private static PgInstance primary;

    @BeforeAll
    static void start() {
        primary = LAB.primary("db1", Map.of());
        primary.sql("CREATE EXTENSION watchdog");
    }

    private static String look(String columns) {
        return primary.sql("SELECT " + columns + " FROM pgx_stat_watchdog");
    }

    /** With its row: that is written behind the WELCOME. */
    private static ConmgrProcess conmgr(int intervalMillis) {
        ConmgrProcess conmgr = LAB.conmgr("app1", primary, intervalMillis, WatchdogLab.NEVER_MILLIS);
        Await.until(
                "its row",
                WatchdogLab.LIMIT,
                () -> look("conmgr_id").equals(conmgr.id().toString()));
        return conmgr;
    }

    @Test
    void aRowSaysWhoItIsWithWhatSettingsAndHowManySessionsDependOnIt() {
        ConmgrProcess conmgr = conmgr(150);
        assertEquals(
                conmgr.id() + "|scripted|150|600000|0",
                look("conmgr_id, conmgr_version, heartbeat_interval_ms, heartbeat_timeout_ms, sessions"));
        LAB.session("app1", primary);
        LAB.session("app1", primary);
        LAB.session("app2", primary);
        LAB.walReceiver("app1", primary);
        assertEquals("3", look("sessions"));
    }

    @Test
    void itsTimesAreTrueAndNotOlderThanDocumented() {
        ConmgrProcess conmgr = conmgr(150);
        String connected = look("connected_at");
        assertEquals("t", look("now() - connected_at BETWEEN '0' AND '10s'"));
        Await.until(
                "a round trip",
                WatchdogLab.LIMIT,
                () -> look("round_trip > 0 AND round_trip < 5000").equals("t"));
        String heard = look("last_heartbeat_at");
        Await.until(
                "a later one",
                WatchdogLab.LIMIT,
                () -> look("last_heartbeat_at > '" + heard + "'").equals("t"));
        // 1 s, check_attr_interval 0.1 s, the beat's own 0.15 s; the rest is for a busy machine.
        assertEquals("t", look("now() - last_heartbeat_at < '3.5s'"));
        assertEquals(connected, look("connected_at"), "it is when that connection began, and stays so");
        long paused = conmgr.pause();
        WatchdogLab.awaitTime(paused + 1_600_000_000L);
        assertEquals("t", look("clock_timestamp() - last_heartbeat_at > '1s'"), "silence shows");
    }

    @Test
    void beatsAloneWakeNobody() {
        conmgr(20);
        // At most one row refresh a second, whatever the beats: the worker's main thread ticks ten times a second here.
        String pid = WatchdogLab.worker(primary, "watchdog");
        long before = switches(pid);
        WatchdogLab.awaitTime(Timed.now() + 3_000_000_000L);
        long wakes = switches(pid) - before;
        assertTrue(wakes < 100, "woken " + wakes + " times in 3 s, 150 beats and 30 ticks came");
    }

    /** Voluntary context switches of the worker's first thread: each is a wait that ended. */
    private static long switches(String pid) {
        String status = LAB.host("db1")
                .exec("grep", "^voluntary", "/proc/" + pid + "/task/" + pid + "/status")
                .expectSuccess()
                .out();
        return Long.parseLong(status.replaceAll("\\D", ""));
    }

    @Test
    void monitorsSeeEverythingAndOthersNotWhoItIs() {
        conmgr(150);
        primary.sql("CREATE ROLE monitor IN ROLE pg_monitor; CREATE ROLE plain");
        String known = "SELECT count(conmgr_addr), count(conmgr_port), count(conmgr_id), count(conmgr_version), "
                + "count(sessions), count(heartbeat_interval), count(connected_at), count(last_heartbeat_at) "
                + "FROM pgx_stat_watchdog";
        assertEquals("1|1|1|1|1|1|1|1", primary.sql("SET ROLE monitor; " + known));
        assertEquals("0|0|0|0|0|1|1|1", primary.sql("SET ROLE plain; " + known));
    }
}
