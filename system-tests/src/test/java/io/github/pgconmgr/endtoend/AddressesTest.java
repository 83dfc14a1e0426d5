package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Names that mean several addresses, and IPv6 from end to end. */
class AddressesTest {

    private static final String PRIMARY = Story.conmgrUrl("primary");

    private static Stage stage;
    private static String one4;
    private static String one6;

    @BeforeAll
    static void build() {
        stage = new Stage();
        one4 = stage.one().address();
        one6 = stage.story().db1().address6();
        // A host that is not there, one on which nobody listens, then the right one; and a right one with both kinds.
        hosts("10.79.0.99 many", stage.story().app().address() + " many", one4 + " many");
        hosts(one4 + " both", one6 + " both");
    }

    private static void hosts(String... lines) {
        String add = "printf '%s\\n' \"$1\" >>/etc/hosts";
        stage.story()
                .app()
                .exec("sh", "-c", add, "sh", String.join("\n", lines))
                .expectSuccess();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @AfterEach
    void quiet() {
        stage.expectAlarm("terminating connection due to");
        stage.expectQuietLogs();
    }

    private static void ready(long timeoutMillis, String host, String... more) {
        List<String> lines = new ArrayList<>(
                List.of(Stage.configuration(timeoutMillis, host, stage.two().address())));
        lines.addAll(List.of(more));
        stage.ready(lines.toArray(String[]::new));
    }

    @Test
    @Proves("C3")
    void aNameWithDeadAddressesLeadsToTheOneThatAnswers() {
        ready(Stage.LONG_TIMEOUT_MILLIS, "many", "heartbeat_connect_timeout = 1s");
        assertEquals(one4, stage.client().open("c", PRIMARY).expectOk());
        stage.client().leave("c");
    }

    @Test
    @Proves({"C3", "L8"})
    void aSuspectInstanceIsLookedForOnTheAddressThatItsSessionsUse() {
        ready(Stage.LONG_TIMEOUT_MILLIS, "both");
        Client client = stage.client();
        assertEquals(one4, client.open("c", PRIMARY).expectOk());
        Firewall firewall = new Firewall(stage.story().db1());
        firewall.resetIpv4(27545);
        try {
            stage.conmgrLog().await("ALIVE -> SUSPECT");
            // Time for some attempts; by IPv6 the first one would succeed.
            long end = Stage.now() + TimeUnit.MILLISECONDS.toNanos(1500);
            Await.until("attempts", Stage.LIMIT, () -> Stage.now() - end >= 0);
            assertTrue(
                    stage.conmgr().statusOf(0).contains("SUSPECT"),
                    stage.conmgr().statusOf(0));
        } finally {
            firewall.open();
        }
        stage.conmgrLog().await("SUSPECT -> ALIVE");
        assertEquals(one4, client.open("x", PRIMARY).expectOk());
        client.sql("c", "SELECT 1").expectOk();
        client.leave("x");
        client.leave("c");
    }

    @Test
    @Proves({"C3", "L1"})
    void whenTheAddressInUseIsCutTheNameLeadsToTheOtherOne() {
        ready(Stage.TIMEOUT_MILLIS, "both", "heartbeat_connect_timeout = 1s");
        Client client = stage.client();
        assertEquals(one4, client.open("c", PRIMARY).expectOk());
        Client.Running statement = client.start("sql", "c", "SELECT pg_sleep(3600)");
        Firewall firewall = new Firewall(stage.story().db1());
        firewall.dropIpv4();
        try {
            statement.await().expectError("08006");
            stage.conmgrLog().await("DOWN -> ALIVE");
            assertEquals(one6, client.open("c", PRIMARY).expectOk());
        } finally {
            firewall.open();
        }
    }

    @Test
    @Proves({"C3", "T2", "L1"})
    void ipv6CarriesTheHeartbeatTheConnectionToConmgrAndTheSession() {
        ready(Stage.TIMEOUT_MILLIS, one4, "backend_hostaddr0 = '" + one6 + "'", "listen_addresses = '::1, 127.0.0.1'");
        Client client = stage.client();
        String url = "jdbc:conmgr://[::1]:" + Story.CONMGR_PORT + "/postgres?targetServerType=primary";
        assertEquals(one6, client.open("c", url).expectOk());
        assertEquals(
                stage.story().app().address6(),
                client.sql("c", "SELECT host(inet_client_addr())").expectOk());
        assertEquals(stage.story().app().address6(), stage.one().sql("SELECT conmgr_addr FROM pgx_stat_watchdog"));
        stage.awaitArmed();
        Client.Running statement = client.start("sql", "c", "SELECT pg_sleep(3600)");
        stage.story().lab().cut(stage.story().db1());
        statement.await().expectError("08006");
        Await.until(
                "the other side judges as well",
                Stage.LIMIT,
                () -> stage.oneLog()
                                .linesWith(
                                        "client host " + stage.story().app().address6() + " is dead, sessions ended: 1")
                                .size()
                        == 1);
        stage.story().lab().heal(stage.story().db1());
        stage.conmgrLog().await("DOWN -> ALIVE");
        assertTrue(client.open("c", url).ok());
    }
}
