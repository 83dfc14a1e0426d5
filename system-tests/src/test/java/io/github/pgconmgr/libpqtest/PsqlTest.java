package io.github.pgconmgr.libpqtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user of psql gives and gets, with conmgr and beside it. */
class PsqlTest {

    private static final String NAME = "SHOW cluster_name";
    private static final String PORT = Integer.toString(Story.CONMGR_PORT);

    private static LibpqStage stage;

    @BeforeAll
    static void build() throws IOException {
        stage = new LibpqStage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static String nameAt(String conninfo) {
        return stage.psql(conninfo, NAME);
    }

    @Test
    @Proves({"T1", "T2", "A8"})
    void eachAttributeLeadsToAnInstanceThatHasIt() {
        Map<String, String> expected = Map.of(
                "read-write", "one",
                "primary", "one",
                "read-only", "two",
                "standby", "two",
                "prefer-standby", "two");
        expected.forEach((attribute, name) ->
                assertEquals(name, nameAt(LibpqStage.CONMGR + "target_session_attrs=" + attribute), attribute));
        assertTrue(List.of("one", "two").contains(nameAt(LibpqStage.CONMGR + "target_session_attrs=any")));
    }

    @Test
    @Proves("T3")
    void aReaderFindsItsOwnWriteOnTheStandby() {
        stage.one().sql("INSERT INTO written VALUES ('psql', 1)");
        String lsn = stage.one().sql("SELECT pg_current_wal_lsn()");
        String wish = "PGTARGETSESSIONATTRS=standby,min_lsn=" + lsn;
        String read = "SELECT n || ' on ' || current_setting('cluster_name') FROM written WHERE writer = 'psql'";
        assertEquals(
                "1 on two",
                stage.run(wish, "psql", "-XAtq", LibpqStage.CONMGR, "-c", read)
                        .expectSuccess()
                        .out()
                        .strip());
        stage.two().sql("SELECT pg_wal_replay_pause()");
        stage.one().sql("INSERT INTO written VALUES ('psql', 2)");
        String later = stage.one().sql("SELECT pg_current_wal_lsn()");
        Finished behind = stage.run(
                "psql", "-X", LibpqStage.CONMGR + "target_session_attrs=standby,min_lsn=" + later, "-c", "SELECT 1");
        stage.two().sql("SELECT pg_wal_replay_resume()");
        assertEquals(2, behind.exit());
        assertTrue(behind.err().contains("instance 1 is a standby that has replayed "), behind.err());
        assertTrue(behind.err().contains("not yet " + later), behind.err());
    }

    @Test
    @Proves("T7")
    void anyIsBalancedOverTheInstances() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            names.add(stage.startClient("exec", LibpqStage.CONMGR, "SELECT pg_sleep(30)")
                    .awaitLine("connected ", LibpqStage.LIMIT)
                    .split(" ", -1)[1]);
        }
        assertNotEquals(names.get(0), names.get(1));
    }

    @Test
    @Proves("A5")
    void psqlShowsTheInstanceAndReconnectsThroughConmgr() {
        String script = """
                \\conninfo
                \\connect postgres
                \\conninfo
                """;
        Finished psql = stage.run(
                "/bin/sh",
                "-c",
                "printf '%s' \"$0\" | \"$1\" -X \"$2\"",
                script,
                stage.program("psql"),
                LibpqStage.CONMGR + "target_session_attrs=primary");
        List<String> shown = psql.expectSuccess()
                .out()
                .lines()
                .filter(line -> line.contains("on host \"db1\" (address \""
                        + stage.one().address() + "\") at port \"" + stage.one().port() + "\""))
                .toList();
        assertEquals(2, shown.size(), psql.out());
        // Had the first \\connect gone straight to the instance, this would be refused: it is no standby.
        assertEquals(
                "two",
                stage.run(
                                "PGTARGETSESSIONATTRS=standby",
                                "psql",
                                "-XAtq",
                                LibpqStage.CONMGR,
                                "-c",
                                "\\connect postgres",
                                "-c",
                                NAME)
                        .expectSuccess()
                        .out()
                        .strip());
    }

    @Test
    @Proves({"T1", "A1"})
    void listsMixConmgrsInstancesAndUnixSockets() {
        String more = " user=postgres dbname=postgres target_session_attrs=";
        // conmgr knows the standby that the first host is not.
        assertEquals("two", nameAt("host=db1,localhost port=27500," + PORT + more + "standby"));
        assertEquals("one", nameAt("host=db2,localhost port=27500," + PORT + more + "primary"));
        assertEquals("two", nameAt("host=localhost,localhost,db1 port=1," + PORT + ",27500" + more + "prefer-standby"));
        assertEquals("two", nameAt("host=db1,db2 port=27500" + more + "prefer-standby"));
        assertEquals("one", nameAt("host=db9,db1 port=27500" + more + "any"));
        String socket = stage.one().socketFolder().toString();
        assertEquals("one", nameAt("host=localhost," + socket + " port=1,27500" + more + "any"));
    }

    @Test
    @Proves("T8")
    void aUnixSocketIsLibpqsAlone() {
        assertEquals("one", nameAt("host=" + stage.one().socketFolder() + " port=27500 user=postgres dbname=postgres"));
    }

    @Test
    @Proves({"A1", "A2"})
    void theReasonsOfAllHostsAreShown() {
        String hosts = "host=localhost,localhost,db1 port=1," + PORT + ",27500";
        Finished psql = stage.run("psql", "-X", hosts + " user=nobody dbname=postgres target_session_attrs=primary");
        assertEquals(2, psql.exit());
        assertTrue(psql.err().contains("\"localhost\" (127.0.0.1), port 1 failed: Connection refused"), psql.err());
        // The role is missing everywhere: libpq does not try the third host for that.
        assertTrue(psql.err().contains("role \"nobody\" does not exist"), psql.err());
        assertEquals(
                1,
                psql.err()
                        .lines()
                        .filter(line -> line.contains("does not exist"))
                        .count());
    }

    @Test
    @Proves("T6")
    void everythingElseIsTheInstances() {
        String more = "application_name=orders options='-c work_mem=5MB' target_session_attrs=primary";
        assertEquals(
                "orders|5MB",
                stage.psql(
                        LibpqStage.CONMGR + more,
                        "SELECT current_setting('application_name'), current_setting('work_mem')"));
    }

    @Test
    @Proves({"T1", "T6"})
    void urisEnvironmentServicesAndPasswordFilesWork() throws IOException {
        assertEquals(
                "two", nameAt("postgresql://postgres@localhost:" + PORT + "/postgres?target_session_attrs=standby"));
        assertEquals(
                "one",
                stage.run(
                                "PGHOST=localhost",
                                "PGPORT=" + PORT,
                                "PGUSER=postgres",
                                "PGTARGETSESSIONATTRS=primary",
                                "psql",
                                "-XAtqc",
                                NAME)
                        .expectSuccess()
                        .out()
                        .strip());

        Path folder = stage.app().folder();
        Path service = Files.writeString(
                folder.resolve("service"),
                "[shop]\nhost=localhost\nport=" + PORT + "\ndbname=postgres\ntarget_session_attrs=primary\n");
        // The instance's name counts, not conmgr's.
        Path passwords = Files.writeString(folder.resolve("pgpass"), "db1:27500:*:amy:" + LibpqStage.PASSWORD + "\n");
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        Account.NOBODY.own(passwords);
        assertEquals(
                "one",
                stage.run(
                                "PGSERVICEFILE=" + service,
                                "PGPASSFILE=" + passwords,
                                "psql",
                                "-XAtqw",
                                "service=shop user=amy",
                                "-c",
                                NAME)
                        .expectSuccess()
                        .out()
                        .strip());
    }

    @Test
    @Proves("T6")
    void verifyFullKnowsTheInstanceByItsOwnName() {
        String tls = "sslmode=verify-full sslrootcert=" + stage.certificate() + " target_session_attrs=";
        assertEquals(
                "t",
                stage.psql(
                        LibpqStage.CONMGR + tls + "primary",
                        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
        Finished other = stage.run("psql", "-X", LibpqStage.CONMGR + tls + "standby");
        assertEquals(2, other.exit());
        assertTrue(
                other.err().contains("server certificate for \"db1\" does not match host name \"db2\""), other.err());
    }

    @Test
    @Proves("A3")
    void anAsynchronousConnectNeverBlocks() {
        Finished client = stage.client("asynchronous", LibpqStage.CONMGR, "SELECT 1");
        List<String> lines = client.expectSuccess().out().lines().toList();
        // CONNECTION_STARTED, CONNECTION_AWAITING_CMRESPONSE, and CONNECTION_STARTED at the instance.
        assertTrue(lines.get(0).startsWith("statuses 2 100 2 "), client.out());
        assertTrue(Long.parseLong(lines.get(1).split(" ", -1)[1]) < 1_000_000_000L, lines.get(1));
        assertTrue(lines.get(2).endsWith(" watched"), client.out());
    }

    @Test
    @Proves("T6")
    void aCancelGoesToTheInstance() {
        Finished client = stage.client("cancel", LibpqStage.CONMGR, "SELECT pg_sleep(30)");
        assertTrue(client.expectSuccess().out().contains(" PGRES_FATAL_ERROR 57014 "), client.out());
    }

    @Test
    @Proves("T1")
    void pingAsksConmgrAndThenTheInstance() {
        assertEquals(0, stage.run("pg_isready", "-h", "localhost", "-p", PORT).exit());
        assertEquals(0, stage.run("pg_isready", "-h", "db1", "-p", "27500").exit());
        assertEquals(2, stage.run("pg_isready", "-h", "localhost", "-p", "1").exit());
    }
}
