package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where JDBC connections go, with a primary and a standby that stay what they are. */
class RoutingTest {

    private static final String RECEIVED = "connection received: host=";

    private static Stage stage;
    private Client client;
    private String one;
    private String two;

    @BeforeAll
    static void build() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void ready() {
        stage.ready(Stage.configuration(Stage.LONG_TIMEOUT_MILLIS, "db1", "db2"));
        client = stage.client();
        one = stage.one().address();
        two = stage.two().address();
    }

    @AfterEach
    void quiet() {
        stage.expectQuietLogs();
    }

    private Client.Outcome connect(String url) {
        Client.Outcome outcome = client.open("c", url);
        if (outcome.ok()) {
            client.leave("c");
        }
        return outcome;
    }

    @Test
    @Proves({"A7", "T2"})
    void eachTargetServerTypeGoesWhereItBelongs() {
        assertEquals(one, connect(Story.conmgrUrl("primary")).expectOk());
        assertEquals(two, connect(Story.conmgrUrl("secondary")).expectOk());
        assertEquals(two, connect(Story.conmgrUrl("preferSecondary")).expectOk());
        assertTrue(List.of(one, two).contains(connect(Story.conmgrUrl("any")).expectOk()));
        connect(Story.conmgrUrl("preferPrimary")).expectError("22023");
    }

    @Test
    @Proves("T2")
    void aConnectionReachesItsInstanceAndNobodyElseIsAsked() {
        connect(Story.conmgrUrl("primary")).expectOk();
        assertEquals(1, received(stage.oneLog()));
        assertEquals(0, received(stage.twoLog()));
    }

    private int received(LogWindow log) {
        // The standby's own replication connection may be among them.
        return log.linesWith(RECEIVED + stage.story().app().address() + " ").size();
    }

    @Test
    @Proves("T7")
    void anySessionsSpreadOverTheInstances() {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            // The driver's own switch does not turn it off.
            places.add(client.open("any" + i, Story.conmgrUrl("any") + "&loadBalanceHosts=false")
                    .expectOk());
        }
        for (int i = 0; i < 6; i++) {
            client.leave("any" + i);
        }
        assertEquals(3, places.stream().filter(one::equals).count(), places::toString);
    }

    @Test
    @Proves("T7")
    void aNewSessionGoesToTheInstanceWithTheFewestSessions() {
        for (int i = 0; i < 3; i++) {
            client.open("w" + i, Story.conmgrUrl("primary")).expectOk();
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(two, client.open("any" + i, Story.conmgrUrl("any")).expectOk());
        }
        for (int i = 0; i < 3; i++) {
            client.leave("w" + i);
            client.leave("any" + i);
        }
    }

    @Test
    @Proves({"T1", "A1"})
    void aConmgrUrlThatNamesAnInstanceConnectsToIt() {
        assertEquals(one, connect("jdbc:conmgr://db1:27500/postgres").expectOk());
        connect("jdbc:conmgr://db2:27500/postgres?targetServerType=primary").expectError("08001");
        assertEquals(
                two,
                connect("jdbc:conmgr://" + two + ":27500/postgres?targetServerType=secondary")
                        .expectOk());
    }

    @Test
    @Proves("A1")
    void listsMixConmgrsAndInstances() {
        String conmgr = "localhost:" + Story.CONMGR_PORT;
        assertEquals(one, connect(list(conmgr + ",db1:27500", "primary")).expectOk());
        assertEquals(one, connect(list("db2:27500," + conmgr, "primary")).expectOk());
        assertEquals(
                two, connect(list("db1:27500," + conmgr, "preferSecondary")).expectOk());
        // Nobody listens on the first.
        assertEquals(two, connect(list("localhost:1," + conmgr, "secondary")).expectOk());
    }

    private static String list(String hosts, String target) {
        return "jdbc:conmgr://" + hosts + "/postgres?targetServerType=" + target;
    }

    @Test
    @Proves("L3")
    void thirtySessionsShareOneHeartbeatConnection() {
        for (int i = 0; i < 30; i++) {
            client.open("s" + i, Story.conmgrUrl("primary")).expectOk();
        }
        assertEquals("30", stage.sessionsAt(stage.one()));
        String row = stage.one().sql("SELECT * FROM pgx_stat_watchdog");
        assertEquals(1, row.lines().count(), row);
        assertTrue(row.startsWith(stage.story().app().address() + "|"), row);
        String heartbeats = stage.story()
                .db1()
                .exec("ss", "-Htn", "state", "established", "sport", "=", ":27545")
                .expectSuccess()
                .out();
        assertEquals(1, heartbeats.lines().count(), heartbeats);
        assertTrue(stage.conmgr().status().contains("applications: 30"));
        for (int i = 0; i < 30; i++) {
            client.leave("s" + i);
        }
    }

    @Test
    @Proves("T6")
    void whatIsNotHostPortOrAttributeReachesTheInstanceUntouched() {
        stage.one().sql("DROP ROLE IF EXISTS teller; CREATE ROLE teller LOGIN PASSWORD 'open sesame'");
        Passwords.require(stage.one(), "teller");
        String url = Story.conmgrUrl("primary");
        client.open("c", url, "user=teller", "password=wrong").expectError("28P01");
        stage.expectAlarm("password authentication failed");
        client.open(
                        "c",
                        url,
                        "user=teller",
                        "password=open sesame",
                        "ApplicationName=till 3",
                        "options=-c statement_timeout=12345")
                .expectOk();
        String seen = client.sql(
                        "c",
                        "SELECT current_user, current_setting('application_name'), current_setting('statement_timeout')")
                .expectOk();
        assertEquals("teller|till 3|12345ms", seen);
        client.leave("c");
    }

    @Test
    @Proves("T6")
    void theInstancesOwnErrorComesThrough() {
        connect("jdbc:conmgr://localhost:27546/nowhere?targetServerType=primary")
                .expectError("3D000");
        stage.expectAlarm("database \"nowhere\" does not exist");
    }

    @Test
    @Proves("C3")
    void aHostNameIsResolvedAndShownAsItIsWritten() {
        assertTrue(stage.conmgr().statusOf(0).contains(" db1 "), stage.conmgr().statusOf(0));
        assertEquals(one, connect(Story.conmgrUrl("primary")).expectOk());
    }

    @Test
    @Proves("T6")
    void tlsIsVerifiedAgainstTheInstancesNameInConmgrConf() {
        String root = "sslrootcert="
                + Certificates.give(stage.one(), "db1", stage.story().app());
        client.open("c", Story.conmgrUrl("primary"), "sslmode=verify-full", root)
                .expectOk();
        assertEquals(
                "t",
                client.sql("c", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                        .expectOk());
        client.leave("c");
        // The check is one: by a name that the certificate does not hold it fails.
        Client.Outcome byAddress = client.open("c", list(one + ":27500", "any"), "sslmode=verify-full", root);
        byAddress.expectError("08006");
        assertTrue(byAddress.text().contains("could not be verified"), byAddress.text());
    }

    @Test
    @Proves("T8")
    void onlyTheHostItselfReachesConmgr() {
        String inside = dial("127.0.0.1");
        String outside = dial(stage.story().app().address());
        assertEquals(0, stage.story().app().exec("bash", "-c", inside).exit());
        assertEquals(1, stage.story().db1().exec("bash", "-c", outside).exit());
        assertEquals(1, stage.story().app().exec("bash", "-c", outside).exit());
    }

    private static String dial(String address) {
        return "exec 3<>/dev/tcp/" + address + "/" + Story.CONMGR_PORT;
    }

    @Test
    @Proves("C10")
    void statusShowsWhoIsConnectedToWhat() {
        client.open("c", Story.conmgrUrl("secondary"), "ApplicationName=report").expectOk();
        String applications = stage.conmgr()
                .ctl("status", "-i", "application")
                .expectSuccess()
                .out();
        client.leave("c");
        assertTrue(applications.contains("applications: 1"), applications);
        assertTrue(applications.contains("report") && applications.contains("standby"), applications);
        String instances =
                stage.conmgr().ctl("status", "-i", "instance").expectSuccess().out();
        assertTrue(instances.startsWith("instances: 2"), instances);
    }
}
