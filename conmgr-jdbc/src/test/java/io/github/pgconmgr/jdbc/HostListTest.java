package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conmgrs and instances mixed in one list (A1). */
@Proves("A1")
class HostListTest {

    private final DriverUnderTest jdbc = new DriverUnderTest();
    private ScriptedPostgres primary;
    private ScriptedPostgres standby;
    private ScriptedConmgr conmgr;
    private ScriptedConmgr refusing;
    private ScriptedConmgr silent;
    private ScriptedConmgr closing;
    private ScriptedConmgr namingADeadPort;

    @BeforeEach
    void start() throws IOException {
        primary = ScriptedPostgres.primary();
        standby = ScriptedPostgres.standby();
        conmgr = ScriptedConmgr.naming(primary);
        refusing = ScriptedConmgr.refusing("no such instance");
        silent = ScriptedConmgr.playing(ScriptedConmgr::untilClosed);
        closing = ScriptedConmgr.playing(socket -> {});
        namingADeadPort =
                ScriptedConmgr.answering(ScriptedConmgr.instanceAnswer("localhost", "127.0.0.1", FreePort.next()));
    }

    @AfterEach
    void stop() throws IOException {
        for (ScriptedServer server :
                new ScriptedServer[] {conmgr, refusing, silent, closing, namingADeadPort, primary, standby}) {
            server.close();
        }
        DriverUnderTest.awaitNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({
        "conmgr", "primary",
        "refusing conmgr", "refusing primary",
        "dead conmgr", "dead primary",
        "silent conmgr", "silent primary",
        "closing conmgr", "closing primary",
        "namingADeadPort conmgr", "namingADeadPort primary",
        "standby conmgr", "standby primary",
        "unknown conmgr", "unknown primary",
        "standby refusing dead closing namingADeadPort silent conmgr"
    })
    void isTriedInOrderUntilOneLeadsToThePrimary(String kinds) throws Exception {
        try (Connection connection = jdbc.connect(hosts(kinds), "&targetServerType=primary&connectTimeout=1")) {
            assertTrue(connection.isValid(5));
            assertEquals(1, primary.startups.size());
        }
    }

    @Test
    void whichEntryFailedIsNotRememberedAndTheFirstIsTriedFirstEachTime() throws Exception {
        for (int i = 1; i <= 3; i++) {
            jdbc.connect(hosts("refusing closing conmgr"), "").close();
            assertEquals(i, refusing.accepted());
            assertEquals(i, closing.accepted());
            assertEquals(i, conmgr.accepted());
        }
    }

    @Test
    void theFirstThatFitsIsTakenWhateverLoadBalanceHostsSays() throws Exception {
        for (int i = 0; i < 8; i++) {
            jdbc.connect(hosts("conmgr standby refusing"), "&loadBalanceHosts=true")
                    .close();
            jdbc.connect(hosts("conmgr standby refusing"), "&loadBalanceHosts=false")
                    .close();
        }
        assertEquals(16, conmgr.accepted());
        assertEquals(0, standby.accepted());
    }

    @Test
    @Proves("T7")
    void loadBalanceHostsDoesNotChangeWhatConmgrIsAsked() throws Exception {
        jdbc.connect(hosts("conmgr"), "&loadBalanceHosts=false").close();
        jdbc.connect(hosts("conmgr"), "&loadBalanceHosts=true").close();
        assertEquals(conmgr.requests.get(0), conmgr.requests.get(1));
    }

    @Test
    @Proves({"A1", "A2"})
    void whenAllFailOneErrorNamesEachHostAndItsReason() {
        String list = hosts("refusing dead closing namingADeadPort");
        SQLException failed = jdbc.failure(list, "&targetServerType=primary");
        assertEquals("08001", failed.getSQLState());
        assertEquals(4, failed.getSuppressed().length);
        for (String host : list.split(",", -1)) {
            assertTrue(failed.getMessage().contains(host), failed.getMessage());
        }
        assertTrue(failed.getMessage().contains("no such instance"), failed.getMessage());
    }

    @Test
    @Proves({"A1", "T3"})
    void loginTimeoutEndsTheWholeList() {
        SQLException failed = jdbc.failure(hosts("silent primary"), "&loginTimeout=1");
        assertEquals("08001", failed.getSQLState());
        assertEquals(0, primary.startups.size());
    }

    @Test
    @Proves({"A1", "A7"})
    void aStandbyBehindTheLastHostIsPreferredToAPrimaryBehindTheFirst() throws Exception {
        try (ScriptedConmgr primaryOnly = onlyAPrimary()) {
            String list = primaryOnly.hostPort() + "," + hosts("primary standby");
            try (Connection connection = jdbc.connect(list, "&targetServerType=preferSecondary")) {
                assertTrue(connection.isValid(5));
                assertEquals(1, standby.startups.size());
            }
        }
    }

    @Test
    @Proves({"A1", "A7"})
    void withoutAnyStandbyThePreferenceTakesThePrimaryAndSkipsTheUnreachable() throws Exception {
        try (ScriptedConmgr primaryOnly = onlyAPrimary()) {
            String list = hosts("silent closing") + "," + primaryOnly.hostPort();
            try (Connection connection = jdbc.connect(list, "&targetServerType=preferSecondary&connectTimeout=1")) {
                assertTrue(connection.isValid(5));
                assertEquals(1, primary.startups.size());
                assertEquals(1, silent.accepted());
                assertEquals(2, primaryOnly.accepted());
            }
        }
    }

    private ScriptedConmgr onlyAPrimary() throws IOException {
        ScriptedConmgr[] self = new ScriptedConmgr[1];
        self[0] = ScriptedConmgr.playing(socket -> {
            boolean wantsStandby =
                    self[0].requests.get(self[0].requests.size() - 1).target() == TargetAttribute.STANDBY;
            RedirectAnswer answer = wantsStandby
                    ? new RedirectAnswer.Refusal("08001", "no standby")
                    : ScriptedConmgr.instanceAnswer("localhost", "127.0.0.1", primary.port());
            socket.getOutputStream().write(ScriptedConmgr.bytes(answer));
            if (!wantsStandby) {
                ScriptedConmgr.untilClosed(socket);
            }
        });
        return self[0];
    }

    private String hosts(String kinds) {
        StringBuilder list = new StringBuilder();
        for (String kind : kinds.split(" ", -1)) {
            list.append(list.isEmpty() ? "" : ",").append(hostPort(kind));
        }
        return list.toString();
    }

    private String hostPort(String kind) {
        return switch (kind) {
            case "conmgr" -> conmgr.hostPort();
            case "refusing" -> refusing.hostPort();
            case "silent" -> silent.hostPort();
            case "closing" -> closing.hostPort();
            case "namingADeadPort" -> namingADeadPort.hostPort();
            case "primary" -> primary.hostPort();
            case "standby" -> standby.hostPort();
            case "dead" -> "127.0.0.1:" + FreePort.next();
            case "unknown" -> "conmgr.invalid";
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
