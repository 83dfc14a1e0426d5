package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * {@code ALTER EXTENSION watchdog UPDATE}. There is no older release, so one is made up: version 0.9 has the view as it was when
 * it had its documented columns alone, and the step to 1.0 is what a release would bring.
 */
class UpgradeTest {

    private static final String VERSION_0_9 = """
            CREATE FUNCTION pgx_stat_watchdog_peers(OUT conmgr_addr inet, OUT conmgr_port integer,
                OUT heartbeat_interval integer, OUT heartbeat_timeout integer)
            RETURNS SETOF record AS 'MODULE_PATHNAME', 'pgx_stat_watchdog_peers'
            LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED ROWS 100;
            CREATE VIEW pgx_stat_watchdog AS
                SELECT conmgr_addr, conmgr_port, heartbeat_interval, heartbeat_timeout FROM pgx_stat_watchdog_peers();
            GRANT SELECT ON pgx_stat_watchdog TO PUBLIC;
            """;

    /** A function's result cannot be changed, so the view goes with it. */
    private static final String DROP_0_9 = """
            DROP VIEW pgx_stat_watchdog;
            DROP FUNCTION pgx_stat_watchdog_peers();
            """;

    private static final String OBJECTS = """
            SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
            WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'watchdog')
            UNION ALL SELECT concat_ws(' ', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod),
                col_description(attrelid, attnum), relacl)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relname LIKE 'pgx_stat_watchdog%' AND attnum > 0 ORDER BY 1""";

    private static void addVersion(PgInstall install) throws IOException {
        Path folder = install.folder("--sharedir").resolve("extension");
        String current = Files.readString(folder.resolve("watchdog--1.0.sql"));
        Files.writeString(folder.resolve("watchdog--0.9.sql"), VERSION_0_9);
        Files.writeString(
                folder.resolve("watchdog--0.9--1.0.sql"), DROP_0_9 + current.replaceAll("(?m)^\\\\echo.*$", ""));
    }

    @Test
    @Proves("S3")
    void anOlderVersionWorksWithThisLibraryAndBecomesThisVersion() throws IOException {
        Path scratch = BuildFolder.scratch("upgrade");
        PgInstall install = PgInstall.current().copyTo(scratch);
        addVersion(install);
        try (PgCluster cluster = new PgCluster(install)) {
            PgInstance instance = cluster.primary(
                    "upgrade",
                    Machine.LOCAL,
                    Map.of("shared_preload_libraries", "watchdog", "watchdog.listen_addresses", ""));
            instance.sql("CREATE EXTENSION watchdog");
            String fresh = instance.sql(OBJECTS);
            assertTrue(fresh.contains("view pgx_stat_watchdog_terminations"), fresh);
            instance.sql("DROP EXTENSION watchdog");
            instance.sql("CREATE EXTENSION watchdog VERSION '0.9'");
            assertEquals("0", instance.sql("SELECT count(*) FROM pgx_stat_watchdog"));
            instance.sql("ALTER EXTENSION watchdog UPDATE");
            assertEquals("1.0", instance.sql("SELECT extversion FROM pg_extension WHERE extname = 'watchdog'"));
            assertEquals(fresh, instance.sql(OBJECTS));
            assertEquals(
                    "0|0",
                    instance.sql("SELECT count(last_heartbeat_at), "
                            + "(SELECT count(*) FROM pgx_stat_watchdog_terminations) FROM pgx_stat_watchdog"));
        } finally {
            BuildFolder.delete(scratch);
        }
    }
}
