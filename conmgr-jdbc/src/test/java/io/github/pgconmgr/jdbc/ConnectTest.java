package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.jdbc.PgConnection;

/** One host: stage 1, stage 2 and what travels in them. */
class ConnectTest {

    private final DriverUnderTest jdbc = new DriverUnderTest();

    @AfterEach
    void nothingIsLeft() {
        DriverUnderTest.awaitNothingLeft();
    }

    @Test
    @Proves({"T1", "T2"})
    void conmgrsAnswerLeadsStraightToTheInstance() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr = ScriptedConmgr.naming(instance);
                Connection connection = jdbc.connect(conmgr.hostPort(), "")) {
            assertEquals(PgConnection.class, connection.getClass());
            assertEquals(
                    "jdbc:postgresql://localhost:" + instance.port() + "/shop",
                    connection.getMetaData().getURL());
            assertEquals("startup", instance.log.get(0), "nobody asks the instance whether it is a conmgr");
            assertEquals(1, conmgr.accepted());
        }
    }

    @Test
    @Proves({"T2", "T6"})
    void conmgrIsToldTheAttributeAndWhoAsksAndTheInstanceEverythingElse() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr = ScriptedConmgr.naming(instance);
                Connection connection = jdbc.connect(
                        conmgr.hostPort(),
                        "&targetServerType=primary&ApplicationName=till%201&password=secret&options=-c%20a%3Db")) {
            assertInstanceOf(PgConnection.class, connection);
            RedirectRequest request = conmgr.requests.get(0);
            assertEquals(TargetAttribute.READ_WRITE, request.target());
            assertEquals(0, request.flags());
            assertEquals(
                    List.of("application_name", "pid", "driver"),
                    List.copyOf(request.details().keySet()));
            assertEquals("till 1", request.details().get("application_name"));
            assertEquals(
                    Long.toString(ProcessHandle.current().pid()),
                    request.details().get("pid"));
            assertEquals("amy", instance.startups.get(0).get("user"));
            assertEquals("shop", instance.startups.get(0).get("database"));
            assertTrue(instance.statements().stream().anyMatch(sql -> sql.contains("'till 1'")));
            assertEquals("-c a=b", instance.startups.get(0).get("options"));
        }
    }

    @Test
    @Proves("T2")
    void theInstancesNameIsKeptForTlsWhileItsAddressIsDialled() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr = ScriptedConmgr.answering(
                        ScriptedConmgr.instanceAnswer("db1.invalid", "127.0.0.1", instance.port()));
                Connection connection = jdbc.connect(conmgr.hostPort(), "")) {
            assertTrue(connection.getMetaData().getURL().contains("//db1.invalid:"));
        }
    }

    @Test
    void anInstanceKnownByItsAddressAloneGoesByThat() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr =
                        ScriptedConmgr.answering(ScriptedConmgr.instanceAnswer("", "127.0.0.1", instance.port()));
                Connection connection = jdbc.connect(conmgr.hostPort(), "")) {
            assertTrue(connection.getMetaData().getURL().contains("//127.0.0.1:"));
        }
    }

    @Test
    @Proves("T6")
    void localSocketAddressIsTheInstancesAndNotConmgrs() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr = ScriptedConmgr.naming(instance);
                Connection connection = jdbc.connect(conmgr.hostPort(), "&localSocketAddress=127.0.0.9")) {
            assertTrue(connection.isValid(5));
            assertEquals(
                    "127.0.0.9", instance.connections().get(0).getInetAddress().getHostAddress());
            assertEquals(
                    "127.0.0.1", conmgr.connections().get(0).getInetAddress().getHostAddress());
        }
    }

    @Proves("T1")
    @ParameterizedTest
    @ValueSource(chars = {'N', 'G', 'E'})
    void withAnInstanceInsteadOfAConmgrTheConnectionGoesOn(char answer) throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primaryAnswering(answer);
                Connection connection = jdbc.connect(instance.hostPort(), "&targetServerType=primary")) {
            assertInstanceOf(PgConnection.class, connection);
            assertEquals(List.of("gssenc", "startup"), instance.log.subList(0, 2));
        }
    }

    @Test
    @Proves({"T2", "A7"})
    void theReachedInstanceIsCheckedOnceMoreAsItMayHaveChanged() throws Exception {
        try (ScriptedPostgres standby = ScriptedPostgres.standby();
                ScriptedConmgr conmgr = ScriptedConmgr.naming(standby)) {
            assertEquals(
                    "08001",
                    jdbc.failure(conmgr.hostPort(), "&targetServerType=primary").getSQLState());
            jdbc.connect(conmgr.hostPort(), "&targetServerType=secondary").close();
            assertTrue(standby.statements().stream().noneMatch(sql -> sql.startsWith("show")));
            Await.until("conmgr's channels are closed", DriverUnderTest.LIMIT, () -> conmgr.openConnections() == 0);
        }
    }

    @Test
    @Proves("A7")
    void preferPrimaryIsRefusedAndNobodyIsAsked() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr = ScriptedConmgr.naming(instance)) {
            SQLException refused = jdbc.failure(conmgr.hostPort(), "&targetServerType=preferPrimary");
            assertEquals("22023", refused.getSQLState());
            assertEquals(0, conmgr.accepted());
        }
    }

    @Test
    @Proves("A2")
    void aSingleConmgrsRefusalIsTheApplicationsError() throws Exception {
        try (ScriptedConmgr conmgr = ScriptedConmgr.refusing("no primary is alive")) {
            SQLException refused = jdbc.failure(conmgr.hostPort(), "");
            assertEquals("08001", refused.getSQLState());
            assertTrue(refused.getMessage().contains("no primary is alive"));
        }
    }

    @Test
    @Proves("A2")
    void aConmgrThatIsNotRunningGivesTheErrorOfADeadInstance() throws Exception {
        int port;
        try (ScriptedConmgr gone = ScriptedConmgr.refusing("")) {
            port = gone.port();
        }
        SQLException failed = jdbc.failure("127.0.0.1:" + port, "");
        assertEquals("08001", failed.getSQLState());
        assertTrue(failed.getMessage().contains("refused"), failed.getMessage());
    }

    @Test
    @Proves("T6")
    void aStatementsTimeLimitCancelsItAtTheInstance() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr = ScriptedConmgr.naming(instance);
                Connection connection = jdbc.connect(conmgr.hostPort(), "");
                Statement statement = connection.createStatement()) {
            Thread waiting = new Thread(() -> hang(statement));
            waiting.start();
            Await.until("the statement runs", DriverUnderTest.LIMIT, () -> instance.log.contains("SELECT hang"));
            statement.cancel();
            Await.until("the cancel request arrives", DriverUnderTest.LIMIT, () -> instance.log.contains("cancel"));
            assertEquals(1, conmgr.openConnections(), "the cancel's socket must not end the watch");
            instance.closeAll();
            waiting.join(DriverUnderTest.LIMIT.toMillis());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'db1/?socketFactory=evil&x=', 127.0.0.1",
        "'a,b', 127.0.0.1",
        "db1, db1",
        "db1, 127.0.0.256",
    })
    void anAnswerThatIsNoPlainHostAndAddressIsNotFollowed(String host, String hostaddr) throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr =
                        ScriptedConmgr.answering(ScriptedConmgr.instanceAnswer(host, hostaddr, instance.port()))) {
            assertEquals("08001", jdbc.failure(conmgr.hostPort(), "").getSQLState());
            assertEquals(0, instance.accepted());
        }
    }

    @Test
    void oneHopIsFollowedAndNoMore() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr second = ScriptedConmgr.naming(instance);
                ScriptedConmgr first = ScriptedConmgr.naming(second)) {
            assertEquals(
                    "08001", jdbc.failure(first.hostPort(), "&sslmode=disable").getSQLState());
            assertEquals(List.of(), second.requests);
            assertEquals(0, instance.accepted());
        }
    }

    @Test
    void garbageAndOversizedAnswersAreRefusedBeforeTheirLengthIsBelieved() throws Exception {
        byte[][] answers = {
            "HTTP/1.1 400 Bad Request\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            {'c', 0x7f, -1, -1, -1, 0, 1},
            {'c', -1, -1, -1, -1},
            {'c', 0, 0, 0, 3, 0},
            {'c', 0, 0, 0, 6, 0, 1},
            {'e', 0, 0, 0, 4},
            ScriptedConmgr.bytes(new RedirectAnswer.Down(0, "no")),
        };
        for (byte[] answer : answers) {
            try (ScriptedConmgr conmgr = ScriptedConmgr.sending(answer)) {
                assertEquals(
                        "08001",
                        jdbc.failure(conmgr.hostPort(), "&connectTimeout=5").getSQLState());
            }
        }
    }

    private static void hang(Statement statement) {
        try {
            statement.execute("SELECT hang");
        } catch (SQLException e) {
            assertEquals("08006", e.getSQLState());
        }
    }
}
