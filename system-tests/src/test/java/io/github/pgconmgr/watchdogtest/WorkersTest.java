package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkersTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "db2", "app1", "app2");

    private static final String WORKERS = "SELECT backend_type FROM pg_stat_activity "
            + "WHERE backend_type IN ('watchdog', 'terminator') ORDER BY 1";
    private static final String VIEW = "SELECT conmgr_addr, conmgr_port, heartbeat_interval, heartbeat_timeout "
            + "FROM pgx_stat_watchdog ORDER BY 1";

    private static PgInstance primary;
    private static PgInstance standby;
    private static List<String> workersBeforeTheExtension;

    @BeforeAll
    static void start() {
        primary = LAB.primary("db1", Map.of());
        standby = LAB.standby("db2", primary, Map.of());
        workersBeforeTheExtension = List.of(awaitWorkers(primary), awaitWorkers(standby));
        primary.sql("CREATE EXTENSION watchdog");
        Await.until(
                "the extension on the standby",
                WatchdogLab.LIMIT,
                () -> standby.sql("SELECT count(*) FROM pg_extension WHERE extname = 'watchdog'")
                        .equals("1"));
    }

    private static String awaitWorkers(PgInstance instance) {
        return Await.value("both workers of " + instance.name(), WatchdogLab.LIMIT, () -> {
            String workers = instance.sql(WORKERS);
            return workers.contains("\n") ? workers : null;
        });
    }

    @Test
    @Proves({"S1", "L5"})
    void bothWorkersRunOnPrimaryAndStandbyBeforeAnyCreateExtension() {
        assertEquals(List.of("terminator\nwatchdog", "terminator\nwatchdog"), workersBeforeTheExtension);
    }

    @Test
    @Proves("S3")
    void createExtensionGivesTheViewAndDropExtensionTakesItAway() {
        String columns = "SELECT column_name, data_type FROM information_schema.columns "
                + "WHERE table_name = 'pgx_stat_watchdog' ORDER BY ordinal_position LIMIT 4";
        String documented =
                "conmgr_addr|inet\nconmgr_port|integer\nheartbeat_interval|integer\nheartbeat_timeout|integer";
        assertEquals(documented, primary.sql(columns));
        primary.sql("DROP EXTENSION watchdog");
        assertEquals("", primary.sql(columns));
        assertEquals("t", primary.sql("SELECT to_regclass('pgx_stat_watchdog_terminations') IS NULL"));
        assertEquals("terminator\nwatchdog", primary.sql(WORKERS));
        primary.sql("CREATE EXTENSION watchdog");
        assertEquals(documented, primary.sql(columns));
    }

    @Test
    @Proves("S3")
    void theViewWithoutPreloadSaysWhatIsMissing() {
        PgInstance plain = LAB.localPrimary("plain", Map.of());
        plain.sql("CREATE EXTENSION watchdog");
        assertNotEquals(
                0, plain.psql("postgres", "SELECT * FROM pgx_stat_watchdog").exit());
        String error = plain.psql(
                        "postgres",
                        "DO $$ BEGIN PERFORM * FROM pgx_stat_watchdog; EXCEPTION WHEN OTHERS THEN "
                                + "RAISE EXCEPTION 'state %', SQLSTATE; END $$")
                .err();
        assertTrue(error.contains("state 55000"), error);
        String said = plain.psql("postgres", "SELECT * FROM pgx_stat_watchdog").err();
        assertTrue(said.contains("HINT:  Add \"watchdog\" to shared_preload_libraries"), said);
        assertEquals("0", plain.sql("SELECT count(*) FROM pg_settings WHERE name LIKE 'watchdog.%'"));
    }

    @Test
    @Proves({"S1", "T5"})
    void theWelcomeSaysWhichInstanceItIsAndWhatState() {
        for (PgInstance instance : List.of(primary, standby)) {
            ConmgrProcess conmgr = LAB.conmgr("app1", instance, 200, WatchdogLab.NEVER_MILLIS);
            String identity = instance.sql("SELECT system_identifier, "
                            + "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint "
                            + "FROM pg_control_system()")
                    .replace('|', ' ');
            String state = instance == primary ? "primary,writable,up,1" : "standby,writable,up,1";
            assertEquals(identity + " " + state, conmgr.await("WELCOME").details());
        }
    }

    @Test
    @Proves({"L2", "L3", "L4", "S4"})
    void eachConmgrIsBeatenWithItsOwnIntervalAndShownWithItsOwnValues() {
        ConmgrProcess quick = LAB.conmgr("app1", primary, 100, 2001);
        ConmgrProcess slow = LAB.conmgr("app2", primary, 400, 3000);
        for (int i = 0; i < 3; i++) {
            LAB.session("app1", primary);
        }
        assertEquals(row(quick) + "|1|3\n" + row(slow) + "|1|3", primary.sql(VIEW));
        assertMedianGap(100, quick.awaitAfter(quick.await("WELCOME").nanos(), "BEAT", 20));
        assertMedianGap(400, slow.awaitAfter(slow.await("WELCOME").nanos(), "BEAT", 6));
        quick.command("goodbye stop");
        Await.until(
                "its row is gone", WatchdogLab.LIMIT, () -> primary.sql(VIEW).equals(row(slow) + "|1|3"));
        slow.command("close");
        Await.until("no row is left", WatchdogLab.LIMIT, () -> primary.sql(VIEW).isEmpty());
    }

    private static String row(ConmgrProcess conmgr) {
        return conmgr.host().address() + "|" + conmgr.await("CONNECTED").first();
    }

    private static void assertMedianGap(int intervalMillis, List<Timed> beats) {
        long[] gaps = IntStream.range(1, beats.size())
                .mapToLong(i -> beats.get(i).nanos() - beats.get(i - 1).nanos())
                .sorted()
                .toArray();
        double median = gaps[gaps.length / 2] / 1e6;
        assertTrue(
                median > 0.7 * intervalMillis && median < 1.3 * intervalMillis,
                "interval " + intervalMillis + " ms, median gap " + median + " ms");
    }

    @Test
    @Proves("L8")
    void aStoppedBackendOrPostmasterDoesNotDisturbTheHeartbeat() {
        ConmgrProcess conmgr = LAB.conmgr("app1", primary, 100, 3000);
        SqlSession session = LAB.session("app1", primary);
        for (String pid : List.of(session.pid(), Long.toString(primary.pid()))) {
            LabHost host = LAB.host("db1");
            host.exec("kill", "-STOP", pid).expectSuccess();
            try {
                conmgr.awaitAfter(Timed.now(), "BEAT", 10);
            } finally {
                host.exec("kill", "-CONT", pid).expectSuccess();
            }
        }
        assertEquals(List.of(), conmgr.all("ENDED"));
        assertTrue(session.isOpen());
    }
}
