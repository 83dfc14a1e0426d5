package io.github.pgconmgr.javafailures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is special with {@code watchdog.java_host = pljava}: the worker lives in a database, and needs an extension there. */
@Tag("pljava")
@Proves("S1")
class PljavaHostTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String LISTENING = "listening for heartbeats";
    private static final String CREATE = "CREATE EXTENSION watchdog_pljava CASCADE";

    private final PgCluster cluster = new PgCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static Map<String, String> settings(String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("shared_preload_libraries", "watchdog");
        settings.put("watchdog.port", Integer.toString(FreePort.next()));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static void awaitCount(PgInstance instance, String text, int count) {
        Await.until(count + " times " + text, LIMIT, () -> count(instance, text) >= count);
        assertEquals(count, count(instance, text));
    }

    private static int count(PgInstance instance, String text) {
        return instance.log().linesWith(text).size();
    }

    /** As an administrator sets up PL/Java for a database. */
    private static void createDatabase(PgInstance primary, String name) {
        primary.sql("CREATE DATABASE " + name);
        String libjvm =
                Path.of(System.getProperty("java.home"), "lib/server/libjvm.so").toString();
        primary.sql("ALTER DATABASE " + name + " SET pljava.libjvm_location = '" + libjvm + "'");
    }

    private static String worker(PgInstance instance) {
        return instance.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'watchdog'");
    }

    private static void awaitTime(Duration duration) {
        long end = NanoClock.SYSTEM.nanoTime() + duration.toNanos();
        Await.until("a moment", LIMIT, () -> NanoClock.SYSTEM.nanoTime() - end >= 0);
    }

    @Test
    void aMissingDatabaseAndThenAMissingExtensionAreAwaitedWithOneLineEach() {
        PgInstance primary = cluster.primary("p", Machine.LOCAL, settings("watchdog.database", "later"));
        awaitCount(primary, "watchdog waits for database \"later\"", 1);
        String waiting = worker(primary);
        awaitTime(Duration.ofMillis(2500));
        assertEquals(1, count(primary, "watchdog waits for database \"later\""));
        assertEquals(1, count(primary, "database \"later\" does not exist"));
        assertEquals(waiting, worker(primary));
        createDatabase(primary, "later");
        awaitCount(primary, "watchdog waits for extension \"watchdog_pljava\" in database \"later\"", 1);
        waiting = worker(primary);
        awaitTime(Duration.ofMillis(2500));
        assertEquals(waiting, worker(primary));
        primary.psql("later", CREATE).expectSuccess();
        awaitCount(primary, LISTENING, 1);
        assertEquals(1, count(primary, "watchdog waits for extension"));
        assertEquals(List.of(), primary.log().unexpected("[JEP 411] migration advisory"));
    }

    @Test
    void aDroppedExtensionIsAwaitedAgain() {
        PgInstance primary = cluster.primary("p", Machine.LOCAL, settings());
        awaitCount(primary, LISTENING, 1);
        primary.sql("DROP EXTENSION watchdog_pljava");
        awaitCount(primary, "extension \"watchdog_pljava\" has been dropped", 1);
        awaitCount(primary, "watchdog waits for extension", 1);
        primary.sql(CREATE);
        awaitCount(primary, LISTENING, 2);
        assertEquals(List.of(), primary.log().unexpected("[JEP 411] migration advisory"));
    }

    @Test
    void betweenTicksItHoldsNoSnapshotAndNoTransaction() {
        PgInstance primary = cluster.primary("p", Machine.LOCAL, settings());
        awaitCount(primary, LISTENING, 1);
        // A tick is microseconds of each second, so a sample in one is very rare, and all of them being in one is a
        // bug.
        String sample = "SELECT datname, backend_xmin IS NULL AND backend_xid IS NULL AND xact_start IS NULL "
                + "FROM pg_stat_activity WHERE backend_type = 'watchdog'";
        for (int i = 0; i < 5; i++) {
            Await.until(
                    "between ticks",
                    Duration.ofSeconds(1),
                    () -> primary.sql(sample).equals("postgres|t"));
        }
        assertEquals("0", primary.sql("SELECT count(*) FROM pg_locks WHERE pid = " + worker(primary)));
    }

    @Test
    @Proves({"S1", "L5"})
    void onAStandbyADroppedDatabaseEndsItOnlyUntilThatIsThereAgainAndNoSessionNotices() {
        PgInstance primary = cluster.primary("p", Machine.LOCAL, settings("watchdog.database", "own"));
        createDatabase(primary, "own");
        primary.psql("own", CREATE).expectSuccess();
        // A standby refuses serializable transactions; the worker does not use what is the default there.
        primary.sql("ALTER DATABASE own SET default_transaction_isolation = 'serializable'");
        int port = FreePort.next();
        PgInstance standby = cluster.standby(
                "s",
                Machine.LOCAL,
                primary,
                settings("watchdog.database", "own", "watchdog.port", Integer.toString(port)));
        awaitCount(primary, LISTENING, 1);
        awaitCount(standby, LISTENING, 1);
        try (Bystanders bystanders = new Bystanders(standby, port)) {
            String session = bystanders.sessionPid();
            List<String> before = List.of(checkpointer(primary), checkpointer(standby));
            primary.sql("DROP DATABASE own WITH (FORCE)");
            awaitCount(primary, "watchdog waits for database \"own\"", 2);
            awaitCount(standby, "watchdog waits for database \"own\"", 1);
            createDatabase(primary, "own");
            primary.psql("own", CREATE).expectSuccess();
            awaitCount(primary, LISTENING, 2);
            bystanders.returnToTheNextWatchdog();
            awaitTime(Duration.ofMillis(Bystanders.TIMEOUT_MILLIS + 500));
            assertEquals(List.of(), standby.log().linesWith(" -> DEAD: "));
            assertEquals(session, bystanders.sessionPid());
            assertEquals(before, List.of(checkpointer(primary), checkpointer(standby)));
        }
        assertFalse(standby.log().linesWith("conflict with recovery").isEmpty());
        assertEquals(List.of(), standby.log().unexpected());
    }

    /** Another one after a crash-restart. */
    private static String checkpointer(PgInstance instance) {
        return instance.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
    }
}
