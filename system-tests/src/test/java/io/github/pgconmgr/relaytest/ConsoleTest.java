package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.programs.SaidLines;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The virtual database, cm_ctl status -i pool and PGPOOL SET, over a real relay. */
@Tag("slow")
@Timeout(180)
class ConsoleTest {

    private static RelayStage stage;
    private static StockFiles files;

    @BeforeAll
    static void build() {
        stage = new RelayStage("stats_users = app");
        files = StockFiles.on(stage.app());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static Finished psql(String database, String... commands) {
        List<String> argv = RelayStage.client("psql", "-X", "-At", "-d", database);
        for (String command : commands) {
            argv.add("-c");
            argv.add(command);
        }
        return stage.run(argv);
    }

    private static List<String> show(String what) {
        return psql("conmgr", "SHOW " + what).expectSuccess().out().lines().toList();
    }

    /** While one session is busy; the server does not notice that a client has gone while it sleeps, so it is told. */
    private static void whileOneSleeps(Runnable look) {
        try (Program sleeper = stage.start(RelayStage.client("psql", "-X", "-c", "SELECT pg_sleep(3600)"))) {
            stage.awaitSleepers(1);
            look.run();
            stage.one().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
            sleeper.awaitExit(RelayStage.LIMIT);
            stage.awaitSleepers(0);
        }
    }

    @Test
    void psqlSeesAClientItsServerConnectionAndItsPool() {
        whileOneSleeps(() -> {
            assertTrue(show("POOLS").stream().anyMatch(row -> row.startsWith("app|app|1|0|0|0|1|")), "POOLS");
            String client = "C|app|app|none|active|";
            assertTrue(show("CLIENTS").stream().anyMatch(row -> row.startsWith(client)), "CLIENTS");
            String server = show("SERVERS").stream()
                    .filter(row -> row.startsWith("S|app|app|none|active|"))
                    .findFirst()
                    .orElseThrow();
            String pid = stage.one().sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
            assertEquals(pid, server.split("\\|", -1)[16]);
            assertTrue(show("POOL_POOLS").stream().anyMatch(row -> row.contains("|app|app|")), "POOL_POOLS");
            assertTrue(show("POOL_PROCESSES").stream().anyMatch(row -> row.contains("|app|app|")), "POOL_PROCESSES");
            assertTrue(show("CONFIG").contains("stats_users|app||yes"), "CONFIG");
        });
    }

    @Test
    void theCountersOfADatabaseGrow() {
        psql("app", "SELECT 1", "SELECT 2").expectSuccess();
        String before = figure("xact_count");
        psql("app", "BEGIN; SELECT 1; COMMIT", "SELECT 2").expectSuccess();
        assertEquals(Long.parseLong(before) + 2, Long.parseLong(figure("xact_count")));
        assertTrue(Long.parseLong(figure("bytes_received")) > 0);
        assertTrue(Long.parseLong(figure("bytes_sent")) > Long.parseLong(figure("bytes_received")));
    }

    private static String figure(String column) {
        String sent = psql("conmgr", "SHOW STATS_TOTALS").expectSuccess().out();
        List<String> names = List.of(
                "database", "server_assignment_count", "xact_count", "query_count", "bytes_received", "bytes_sent");
        return sent.lines()
                .filter(row -> row.startsWith("app|"))
                .map(row -> row.split("\\|", -1)[names.indexOf(column)])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theExportersQuestionsAreAnsweredToLibPq() {
        Path source = files.compile("exporters.go");
        Finished finished = stage.run(List.of(source.toString(), "localhost", RelayStage.port()))
                .expectSuccess();
        List<String> said = finished.out().lines().toList();
        assertEquals(14, said.size(), finished::toString);
        assertTrue(said.contains("SHOW LISTS;=2 columns, 14 rows"), finished::toString);
        assertTrue(said.contains("SHOW POOL_VERSION;=1 columns, 1 rows"), finished::toString);
        assertTrue(said.contains("SHOW pool_nodes;=14 columns, 2 rows"), finished::toString);
        assertTrue(said.contains("SHOW pool_pools;=17 columns, 128 rows"), finished::toString);
        assertTrue(said.contains("prepared=2 columns, 14 rows"), finished::toString);
    }

    @Test
    void pgjdbcReadsItInItsDefaultMode() {
        Finished finished = stage.run(files.java(ConsoleJdbc.class)).expectSuccess();
        List<String> said = finished.out().lines().toList();
        assertEquals("true", SaidLines.value(said, "valid"), finished::toString);
        assertTrue(Integer.parseInt(SaidLines.value(said, "pools")) >= 0, finished::toString);
        assertEquals("24", SaidLines.value(said, "decimals"), finished::toString);
        assertEquals("true", SaidLines.value(said, "intransaction"), finished::toString);
        assertEquals("42601", SaidLines.value(said, "error"), finished::toString);
        assertEquals("true", SaidLines.value(said, "after"), finished::toString);
    }

    @Test
    @Proves("P7")
    void aSessionSetsItsOwnIdleLimitAndEndsByIt() {
        Finished finished = stage.run(files.java(IdleJdbc.class)).expectSuccess();
        List<String> said = finished.out().lines().toList();
        assertEquals("0", SaidLines.value(said, "before"), finished::toString);
        assertEquals("1s", SaidLines.value(said, "set"), finished::toString);
        assertEquals("22023", SaidLines.value(said, "wrong"), finished::toString);
        assertEquals("none", SaidLines.value(said, "works"), finished::toString);
        assertEquals("57P05", SaidLines.value(said, "lost"), finished::toString);
    }

    @Test
    void cmCtlShowsThePool() {
        whileOneSleeps(() -> {
            String text =
                    stage.story().cmCtl("status", "-i", "pool").expectSuccess().out();
            assertTrue(text.startsWith("pool: session mode, 1 of 32 workers busy, 1 clients, 0 waiting, "), text);
            String json = stage.story()
                    .cmCtl("status", "-i", "pool", "--format", "json")
                    .expectSuccess()
                    .out();
            assertTrue(json.startsWith("{\"pool\":{\"mode\":\"session\",\"workers\":32,\"busy\":1,"), json);
            String all = stage.story().cmCtl("status").expectSuccess().out();
            assertTrue(all.contains("\npool: session mode"), all);
        });
    }

    @Test
    void whoIsNotInStatsUsersIsRefusedAndAReloadChangesThat() throws IOException {
        configure("stats_users = app", "stats_users = nobody");
        Finished refused = psql("conmgr", "SHOW POOLS");
        assertTrue(refused.err().contains("user \"app\" may not use"), refused::toString);
        configure("stats_users = nobody", "stats_users = app");
        psql("conmgr", "SHOW POOLS").expectSuccess();
    }

    private static void configure(String before, String after) throws IOException {
        Path conf = stage.story().conmgrFolder().resolve("conmgr.conf");
        Files.writeString(conf, Files.readString(conf).replace(before, after), StandardOpenOption.TRUNCATE_EXISTING);
        stage.story().cmCtl("reload").expectSuccess();
    }
}
