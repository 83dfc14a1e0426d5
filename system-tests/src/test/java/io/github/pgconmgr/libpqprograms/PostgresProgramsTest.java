package io.github.pgconmgr.libpqprograms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PostgreSQL's own programs: their work, and their end when their instance or their conmgr is gone. */
@Tag("slow")
@Timeout(120)
class PostgresProgramsTest {

    private static final String BIN = "/usr/lib/postgresql/15/bin/";
    private static final Pattern LOST = Pattern.compile(
            "server closed the connection unexpectedly" + "|SSL SYSCALL error: EOF detected|perhaps the backend died");

    /** Whoever is no superuser reads this table slowly. */
    private static final String SLOW_TABLE = """
            CREATE ROLE dumper LOGIN;
            CREATE TABLE slow AS SELECT 1 AS n;
            GRANT SELECT ON slow TO dumper;
            ALTER TABLE slow ENABLE ROW LEVEL SECURITY;
            CREATE POLICY sleep ON slow USING (pg_sleep(3600) IS NOT NULL);
            """;

    private static final String SLOW_WORKERS =
            "SELECT count(*) FROM pg_stat_activity" + " WHERE usename = 'dumper' AND wait_event = 'PgSleep'";
    private static final String WITHOUT_TLS =
            "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL AND NOT ssl"
                    + " AND application_name NOT IN ('walreceiver', 'two')";

    private static ProgramStage stage;

    @BeforeAll
    static void build() {
        stage = new ProgramStage();
        run("pgbench", "read-write", "-i", "-q", "-s", "1").expectSuccess();
        stage.one().sql(SLOW_TABLE);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    /** What every libpq program reads; the attribute is no option of most. */
    private static List<String> environment(String attrs, String... more) {
        List<String> variables = new ArrayList<>(List.of(
                "PGHOST=localhost",
                "PGPORT=" + ProgramStage.CONMGR_PORT,
                "PGUSER=postgres",
                "PGDATABASE=postgres",
                "PGTARGETSESSIONATTRS=" + attrs));
        variables.addAll(List.of(more));
        return variables;
    }

    private static List<String> argv(String program, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(BIN + program));
        if (program.equals("psql")) {
            argv.add("-XAtq");
        }
        argv.addAll(List.of(arguments));
        return argv;
    }

    private static Finished run(String program, String attrs, String... arguments) {
        return stage.run(environment(attrs), argv(program, arguments));
    }

    private static Program start(String program, String attrs, String... arguments) {
        return stage.start(environment(attrs), argv(program, arguments));
    }

    private static Path file(String name) {
        return stage.app().folder().resolve(name);
    }

    private static Finished psql(List<String> variables, String... arguments) {
        return stage.run(variables, argv("psql", arguments));
    }

    @ParameterizedTest
    @CsvSource({"primary, db1", "read-write, db1", "standby, db2", "read-only, db2", "prefer-standby, db2", "any, db"})
    @Proves({"A5", "A8", "T1"})
    void psqlGetsWhereItsAttributeSaysAndNamesTheInstance(String attrs, String host) {
        String out = run("psql", attrs, "-c", "\\conninfo").expectSuccess().out();
        assertTrue(out.contains("on host \"" + host), out);
        assertTrue(out.contains("at port \"27500\""), out);
        DriverTable.record(Client.PSQL, DriverTable.Column.ATTRIBUTES, "all six");
        DriverTable.record(Client.PSQL, DriverTable.Column.NAME, "`\\conninfo`");
    }

    @Test
    @Proves({"A1", "A8", "T1"})
    void psqlGoesThroughAListOfConmgrsInstancesAndTheAbsent() {
        String name = "SHOW cluster_name";
        assertEquals(
                "one",
                psql(list("localhost,db2,localhost", "1,27500,27546", "primary"), "-c", name)
                        .expectSuccess()
                        .out()
                        .strip());
        assertEquals(
                "two",
                psql(list("db1,localhost", "27500,27546", "standby"), "-c", name)
                        .expectSuccess()
                        .out()
                        .strip());
        assertEquals(
                "one",
                psql(list("localhost,db2", "27546,27500", "read-write"), "-c", name)
                        .expectSuccess()
                        .out()
                        .strip());
        Finished failed = psql(list("localhost,db2", "1,27500", "primary"), "-c", name);
        assertEquals(2, failed.exit());
        assertTrue(failed.err().contains("Connection refused"), failed.err());
        assertTrue(failed.err().contains("db2"), failed.err());
    }

    private static List<String> list(String hosts, String ports, String attrs) {
        List<String> variables = new ArrayList<>(environment(attrs));
        variables.set(0, "PGHOST=" + hosts);
        variables.set(1, "PGPORT=" + ports);
        return variables;
    }

    @Test
    @Proves({"T6", "A5"})
    void certificatesAreCheckedAgainstTheInstancesName() {
        String mode = "PGSSLMODE=verify-full";
        String root = "PGSSLROOTCERT=" + stage.certificate();
        String out = psql(environment("primary", mode, root), "-c", "\\conninfo")
                .expectSuccess()
                .out();
        assertTrue(out.contains("SSL connection"), out);
        Finished failed = psql(environment("standby", mode, root), "-c", "SELECT 1");
        assertTrue(failed.err().contains("does not match host name \"db2\""), failed.err());
        DriverTable.record(Client.PSQL, DriverTable.Column.TLS, "yes, verify-full too");
    }

    @Test
    @Proves({"T1", "A5", "A2"})
    void psqlsConnectCommandGoesThroughConmgrAgain() {
        Path script = write(
                "again.sql",
                "\\c postgres\n\\conninfo\n\\c \"dbname=postgres target_session_attrs=standby\"\n\\conninfo\n");
        String out =
                run("psql", "primary", "-f", script.toString()).expectSuccess().out();
        assertTrue(out.contains("\"db1\"") && out.contains("\"db2\""), out);
        Program waiting = start(
                "psql",
                "primary",
                "-f",
                write("watched.sql", "\\c postgres\nSELECT pg_sleep(3600)\n;\n").toString());
        stage.awaitSleepers(1);
        assertTrue(stage.applications().contains("psql"), stage.applications());
        stage.killConmgr();
        try {
            assertNotEquals(0, waiting.awaitExit(ProgramStage.LIMIT));
        } finally {
            stage.startConmgr();
            stage.healPrimary();
        }
    }

    private static Path write(String name, String text) {
        try {
            return Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + name, e);
        }
    }

    @Test
    @Proves("T2")
    void anInterruptCancelsTheStatementAtTheInstance() {
        Program psql = start("psql", "primary", "-c", "SELECT pg_sleep(3600)");
        stage.awaitSleepers(1);
        psql.signal("INT");
        psql.awaitLine("canceling statement due to user request", ProgramStage.LIMIT);
        assertEquals(1, psql.awaitExit(ProgramStage.LIMIT));
        stage.awaitSleepers(0);
    }

    @Test
    @Proves({"A8", "T1"})
    void theProgramsDoTheirWork() {
        String bench = run("pgbench", "read-write", "-c", "4", "-j", "2", "-t", "50", "-M", "prepared")
                .expectSuccess()
                .out();
        assertTrue(bench.contains("number of transactions actually processed: 200/200"), bench);
        run("pgbench", "standby", "-S", "-n", "-c", "2", "-t", "20").expectSuccess();
        DriverTable.record(Client.PGBENCH, DriverTable.Column.ATTRIBUTES, "read-write, standby");
        for (String attrs : List.of("read-write", "standby")) {
            Path dump = file("dump-" + attrs);
            run("pg_dump", attrs, "-Fd", "-j", "2", "-f", dump.toString()).expectSuccess();
            String contents = run("pg_restore", attrs, "-l", dump.toString())
                    .expectSuccess()
                    .out();
            assertTrue(contents.contains("TABLE DATA public pgbench_accounts"), contents);
            Path copy = file("copy-" + attrs);
            run("pg_basebackup", attrs, "-D", copy.toString(), "-X", "stream", "-c", "fast")
                    .expectSuccess();
            stage.app()
                    .exec("test", "-s", copy.resolve("backup_manifest").toString())
                    .expectSuccess();
        }
        run(
                        "pg_restore",
                        "read-write",
                        "-c",
                        "-j",
                        "2",
                        "-d",
                        "postgres",
                        file("dump-read-write").toString())
                .expectSuccess();
        DriverTable.record(Client.PG_DUMP, DriverTable.Column.ATTRIBUTES, "read-write, standby");
        DriverTable.record(Client.PG_BASEBACKUP, DriverTable.Column.ATTRIBUTES, "read-write, standby");
        String ready = run("pg_isready", "read-write").expectSuccess().out();
        assertTrue(ready.contains("accepting connections"), ready);
        for (Client client : List.of(Client.PGBENCH, Client.PG_DUMP, Client.PG_BASEBACKUP)) {
            DriverTable.record(client, DriverTable.Column.NAME, "does not tell");
        }
    }

    /** A worker process, with a connection of its own, reads a table that takes an hour. */
    private static Program startDump(String run) {
        return start(
                "pg_dump",
                "read-write",
                "-U",
                "dumper",
                "--enable-row-security",
                "-t",
                "slow",
                "-Fd",
                "-j",
                "2",
                "-f",
                file("stuck-" + run).toString());
    }

    /** Each program in the middle of something that lasts, through conmgr, at the primary. */
    private static Map<Client, Program> allWait(String run) {
        Path sleep = write("sleep.sql", "SELECT pg_sleep(3600);\n");
        Map<Client, Program> programs = new LinkedHashMap<>();
        programs.put(Client.PSQL, start("psql", "read-write", "-c", "SELECT pg_sleep(3600)"));
        programs.put(
                Client.PGBENCH, start("pgbench", "read-write", "-n", "-c", "2", "-t", "1", "-f", sleep.toString()));
        stage.awaitSleepers(3);
        // At its slowest: 32 KiB a second.
        programs.put(
                Client.PG_BASEBACKUP,
                start(
                        "pg_basebackup",
                        "read-write",
                        "-D",
                        file("slow-" + run).toString(),
                        "-X",
                        "stream",
                        "-c",
                        "fast",
                        "-r",
                        "32"));
        Await.until(
                "the base backup has begun",
                ProgramStage.LIMIT,
                () -> stage.one()
                        .sql("SELECT count(*) FROM pg_stat_progress_basebackup WHERE phase LIKE 'streaming%'")
                        .equals("1"));
        programs.put(Client.PG_DUMP, startDump(run));
        Await.until(
                "a worker of pg_dump reads the slow table",
                ProgramStage.LIMIT,
                () -> stage.one().sql(SLOW_WORKERS).equals("1"));
        assertEquals("0", stage.one().sql(WITHOUT_TLS));
        return programs;
    }

    private static void assertToldInTime(long millis) {
        assertTrue(millis >= ProgramStage.TIMEOUT_MILLIS - 2 * ProgramStage.INTERVAL_MILLIS, millis + " ms");
        assertTrue(
                millis < ProgramStage.TIMEOUT_MILLIS + ProgramStage.INTERVAL_MILLIS + ProgramStage.MARGIN_MILLIS,
                millis + " ms");
    }

    /** Each says that its connection is lost; blocks until all have. */
    private static void awaitTold(Map<Client, Program> programs) {
        programs.forEach((client, program) -> Await.until(
                client.title() + " says that its connection is lost",
                ProgramStage.LIMIT,
                () -> LOST.matcher(String.join(" ", program.output().lines())).find()));
    }

    private static void expectFailure(Map<Client, Program> programs, DriverTable.Column column) {
        programs.forEach((client, program) -> {
            int exit = program.awaitExit(ProgramStage.LIMIT);
            assertNotEquals(0, exit, client.title());
            DriverTable.record(client, column, "exit status " + exit);
            if (client != Client.PSQL) {
                DriverTable.record(client, DriverTable.Column.TLS, "yes");
            }
        });
    }

    @Test
    @Proves({"L1", "A2"})
    void aSilentInstanceEndsThemWithinTheTimeout() {
        Map<Client, Program> programs = allWait("cut");
        long cut = ProgramStage.now();
        stage.cutPrimary();
        try {
            awaitTold(programs);
            long millis = ProgramStage.millisSince(cut);
            assertToldInTime(millis);
            // Not even the processes of pg_dump wait for the silent host any more, which they would ask to cancel.
            expectFailure(programs, DriverTable.Column.LOST);
            long ended = ProgramStage.millisSince(cut) - millis;
            assertTrue(ended < ProgramStage.MARGIN_MILLIS, ended + " ms");
        } finally {
            stage.healPrimary();
        }
    }

    /** The cancel request goes to a host that is silent, but not yet known to be gone. */
    @Test
    @Proves({"L1", "T2"})
    void anInterruptDuringTheSilenceWaitsNoLongerThanTheTimeout() {
        Program psql = start("psql", "read-write", "-c", "SELECT pg_sleep(3600)");
        stage.awaitSleepers(1);
        long cut = ProgramStage.now();
        stage.cutPrimary();
        try {
            psql.signal("INT");
            assertNotEquals(0, psql.awaitExit(ProgramStage.LIMIT));
            assertToldInTime(ProgramStage.millisSince(cut));
        } finally {
            stage.healPrimary();
        }
    }

    @Test
    @Proves("A2")
    void aConmgrThatIsKilledEndsThemAtOnceAndUntilItIsBackTheyAreRefused() {
        Map<Client, Program> programs = allWait("kill");
        long killed = ProgramStage.now();
        stage.killConmgr();
        try {
            awaitTold(programs);
            long millis = ProgramStage.millisSince(killed);
            assertTrue(millis < ProgramStage.MARGIN_MILLIS, millis + " ms");
            expectFailure(programs, DriverTable.Column.CONMGR_KILLED);
            for (Map.Entry<Client, String[]> program : refusable().entrySet()) {
                String[] arguments = program.getValue();
                Finished refused = run(arguments[0], "read-write", Arrays.copyOfRange(arguments, 1, arguments.length));
                assertTrue(refused.err().contains("Connection refused"), refused.err());
                DriverTable.record(program.getKey(), DriverTable.Column.REFUSED, "exit status " + refused.exit());
            }
        } finally {
            stage.startConmgr();
            stage.healPrimary();
        }
    }

    private static Map<Client, String[]> refusable() {
        return Map.of(
                Client.PSQL, new String[] {"psql", "-c", "SELECT 1"},
                Client.PGBENCH, new String[] {"pgbench", "-n", "-t", "1"},
                Client.PG_DUMP,
                        new String[] {"pg_dump", "-Fd", "-f", file("refused").toString()},
                Client.PG_BASEBACKUP,
                        new String[] {"pg_basebackup", "-D", file("refused2").toString()});
    }
}
