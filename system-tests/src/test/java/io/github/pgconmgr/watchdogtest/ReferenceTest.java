package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/reference/watchdog.md says what a real server says of itself. */
class ReferenceTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1");

    /** Empty defaults are shown as ''; the default of one is another parameter's value. */
    private static final String PARAMETERS = """
            SELECT concat('| `', name, '` | ', vartype, ' | ',
                CASE WHEN name = 'watchdog.max_heartbeat_connections' AND boot_val = current_setting('max_connections')
                    THEN 'max_connections' WHEN boot_val = '' THEN '''''' ELSE boot_val END, ' | ',
                CASE WHEN min_val IS NOT NULL THEN min_val || ' to ' || max_val ELSE array_to_string(enumvals, ', ') END,
                ' | ', unit, ' | ', context, ' | ', concat_ws(' ', short_desc, extra_desc), ' |')
            FROM pg_settings WHERE name LIKE 'watchdog.%' ORDER BY name""";

    private static final String COLUMNS = """
            SELECT concat('| `', attname, '` | ', format_type(atttypid, atttypmod), ' | ',
                col_description(attrelid, attnum), ' |')
            FROM pg_attribute WHERE attrelid = 'VIEW'::regclass AND attnum > 0 ORDER BY attnum""";

    private static PgInstance primary;

    @BeforeAll
    static void start() {
        primary = LAB.primary("db1", Map.of("max_connections", "40"));
        primary.sql("CREATE EXTENSION watchdog");
    }

    /** The rows of the first table behind that heading, as they stand. */
    private static String table(String heading) throws IOException {
        List<String> lines = Files.readAllLines(BuildFolder.root().resolve("docs/reference/watchdog.md"));
        List<String> rows = lines.stream()
                .skip(lines.indexOf("## " + heading))
                .dropWhile(line -> !line.startsWith("|---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        return String.join("\n", rows);
    }

    @Test
    @Proves("S2")
    void everyParameterIsInTheReferenceAsTheServerKnowsIt() throws IOException {
        assertEquals(normalised(primary.sql(PARAMETERS)), table("Parameters"));
    }

    @Test
    @Proves("S4")
    void everyColumnOfBothViewsIsInTheReferenceAsTheCatalogueHasIt() throws IOException {
        for (String view : List.of("pgx_stat_watchdog", "pgx_stat_watchdog_terminations")) {
            assertEquals(primary.sql(COLUMNS.replace("VIEW", view)), table("View " + view));
        }
    }

    /** Cells without a value. */
    private static String normalised(String rows) {
        return rows.replace("|  |", "| |").replace("|  |", "| |");
    }

    @Test
    @Proves("S2")
    void theFirstFourColumnsAreTheDocumentedOnes() throws IOException {
        List<String> documented = List.of(
                "| `conmgr_addr` | inet |",
                "| `conmgr_port` | integer |",
                "| `heartbeat_interval` | integer |",
                "| `heartbeat_timeout` | integer |");
        List<String> rows = table("View pgx_stat_watchdog").lines().toList();
        for (int i = 0; i < documented.size(); i++) {
            assertTrue(rows.get(i).startsWith(documented.get(i)), rows.get(i));
        }
    }
}
