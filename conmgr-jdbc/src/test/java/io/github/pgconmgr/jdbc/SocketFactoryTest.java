package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that can only add {@code socketFactory=} to their {@code jdbc:postgresql:} URL. */
class SocketFactoryTest {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    private ScriptedPostgres instance;
    private ScriptedConmgr conmgr;

    @BeforeEach
    void start() throws IOException {
        instance = ScriptedPostgres.primary();
        conmgr = ScriptedConmgr.naming(instance);
    }

    @AfterEach
    void stop() throws IOException {
        Await.until("no channel to conmgr", DriverUnderTest.LIMIT, () -> conmgr.openConnections() == 0);
        Await.until("no session", DriverUnderTest.LIMIT, () -> instance.openConnections() == 0);
        conmgr.close();
        instance.close();
    }

    private static Connection connect(String hosts, String more) throws SQLException {
        String factory = "&socketFactory=" + ConmgrSocketFactory.class.getName();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + hosts + "/shop?user=amy" + factory + more, new Properties());
    }

    private static SQLException failure(String hosts, String more) {
        return assertThrows(SQLException.class, () -> connect(hosts, more).close());
    }

    private static String causes(SQLException e) {
        StringBuilder text = new StringBuilder();
        for (Throwable at = e; at != null; at = at.getCause()) {
            text.append(at.getMessage()).append(" | ");
        }
        return text.toString();
    }

    @Test
    @Proves({"T1", "T2"})
    void conmgrsAnswerLeadsStraightToTheInstanceAndTheChannelLivesAsLongAsTheConnection() throws Exception {
        try (Connection connection = connect(conmgr.hostPort(), "&ApplicationName=till")) {
            assertEquals(1, conmgr.openConnections());
            assertEquals("till", conmgr.requests.get(0).details().get("application_name"));
            assertEquals("shop", instance.startups.get(0).get("database"));
            connection.createStatement().execute("SELECT 1");
        }
        assertEquals(1, instance.startups.size());
    }

    @ParameterizedTest
    @CsvSource({"any, ANY", "primary, READ_WRITE", "preferSecondary, PREFER_STANDBY"})
    @Proves("A7")
    void conmgrIsAskedForTheTargetServerType(String word, TargetAttribute asked) throws Exception {
        connect(conmgr.hostPort(), "&targetServerType=" + word).close();
        assertEquals(asked, conmgr.requests.get(0).target());
    }

    @Test
    @Proves("A7")
    void preferPrimaryIsRefusedWithAClearCauseAndNobodyIsAsked() {
        SQLException failed = failure(conmgr.hostPort(), "&targetServerType=preferPrimary");
        assertEquals("08001", failed.getSQLState());
        assertTrue(causes(failed).contains("preferPrimary cannot be used with a conmgr"), causes(failed));
        assertEquals(0, conmgr.accepted());
    }

    @RepeatedTest(50)
    @Proves("A1")
    void conmgrsRoleIsNotRememberedWhenItsNextInstanceHasAnother() throws Exception {
        try (ScriptedPostgres standby = ScriptedPostgres.standby();
                ScriptedConmgr either = ScriptedConmgr.playing(socket -> {
                    ScriptedPostgres named = instance.startups.isEmpty() ? instance : standby;
                    socket.getOutputStream()
                            .write(ScriptedConmgr.bytes(
                                    ScriptedConmgr.instanceAnswer("localhost", "127.0.0.1", named.port())));
                    ScriptedConmgr.untilClosed(socket);
                })) {
            String list = either.hostPort() + "," + conmgr.hostPort();
            connect(list, "&targetServerType=primary").close();
            connect(list, "&targetServerType=secondary").close();
            assertEquals(1, standby.startups.size());
        }
    }

    @Test
    @Proves("A1")
    void aListMixesConmgrsAndInstancesAndIsTriedInOrder() throws Exception {
        try (ScriptedConmgr knowsNone = ScriptedConmgr.refusing("no instance is a primary");
                ScriptedConmgr full = ScriptedConmgr.playing(socket -> {});
                ScriptedPostgres standby = ScriptedPostgres.standby()) {
            String list = knowsNone.hostPort() + "," + full.hostPort() + "," + standby.hostPort() + ","
                    + conmgr.hostPort() + "," + instance.hostPort();
            connect(list, "&targetServerType=primary").close();
            assertEquals(1, conmgr.accepted());
            assertEquals(1, standby.startups.size());
            assertEquals(1, instance.startups.size());
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'N', 'G', 'E'})
    @Proves("T1")
    void withAnInstanceInsteadOfAConmgrTheConnectionGoesOn(char answer) throws Exception {
        try (ScriptedPostgres ordinary = ScriptedPostgres.primaryAnswering(answer)) {
            connect(ordinary.hostPort(), "").close();
            assertEquals(1, ordinary.startups.size());
        }
    }

    @Test
    @Proves({"T4", "A2"})
    void aNoticeEndsABlockedReadAndItsReasonIsTheCause() throws Exception {
        try (Connection connection = connect(conmgr.hostPort(), "");
                Statement statement = connection.createStatement()) {
            FutureTask<Boolean> waiting = hang(statement);
            conmgr.sendDown("no heartbeat for 3.0 s");
            SQLException failed = assertInstanceOf(
                    SQLException.class,
                    assertThrows(ExecutionException.class, waiting::get).getCause());
            assertEquals("08006", failed.getSQLState());
            assertTrue(causes(failed).contains("no heartbeat for 3.0 s"), causes(failed));
        }
    }

    @Test
    @Proves({"T4", "A2"})
    void anIdleConnectionFailsWithItsNextStatementAndIsThenClosed() throws Exception {
        try (Connection connection = connect(conmgr.hostPort(), "");
                Statement statement = connection.createStatement()) {
            conmgr.closeAll();
            Await.until("the session is cut", DriverUnderTest.LIMIT, () -> instance.openConnections() == 0);
            assertEquals(
                    "08006",
                    assertThrows(SQLException.class, () -> statement.execute("SELECT 1"))
                            .getSQLState());
            assertTrue(connection.isClosed());
        }
    }

    @Test
    @Proves("T2")
    void aCancelRequestFollowsItsConnectionAndConmgrIsNotAskedAgain() throws Exception {
        try (Connection connection = connect(conmgr.hostPort(), "");
                Statement statement = connection.createStatement()) {
            FutureTask<Boolean> waiting = hang(statement);
            statement.cancel();
            Await.until("the cancel request arrives", DriverUnderTest.LIMIT, () -> instance.log.contains("cancel"));
            assertEquals(1, conmgr.accepted());
            assertEquals(1, conmgr.openConnections(), "the cancel's socket must not end the watch");
            instance.closeAll();
            assertThrows(ExecutionException.class, waiting::get);
        }
    }

    @Test
    @Proves("A2")
    void whatFailedLeavesNoChannelBehind() throws Exception {
        instance.close();
        SQLException failed = failure(conmgr.hostPort(), "");
        assertEquals("08001", failed.getSQLState());
        assertTrue(causes(failed).contains("instance 0 (localhost:" + instance.port() + ")"), causes(failed));
    }

    @Test
    @Proves("A2")
    void aConmgrThatClosesAtOnceOrIsAbsentGivesTheErrorOfADeadInstance() throws Exception {
        int port;
        try (ScriptedConmgr full = ScriptedConmgr.playing(socket -> {})) {
            port = full.port();
            assertEquals("08001", failure(full.hostPort(), "").getSQLState());
        }
        assertEquals("08001", failure("127.0.0.1:" + port, "").getSQLState());
    }

    @ParameterizedTest
    @ValueSource(strings = {"connectTimeout", "loginTimeout"})
    @Proves("T3")
    void aSilentConmgrHoldsTheApplicationNoLongerThanItsLimit(String limit) throws Exception {
        try (ScriptedConmgr silent = ScriptedConmgr.playing(ScriptedConmgr::untilClosed)) {
            long start = NanoClock.SYSTEM.nanoTime();
            assertEquals("08001", failure(silent.hostPort(), "&" + limit + "=1").getSQLState());
            long millis = (NanoClock.SYSTEM.nanoTime() - start) / MILLISECOND;
            // Of connectTimeout, which pgjdbc counts over all hosts, a conmgr gets half.
            assertTrue(millis >= 400 && millis < 3000, millis + " ms");
            // Under loginTimeout pgjdbc leaves its thread behind, which ends with connectTimeout; the server ends it
            // here.
            silent.closeAll();
        }
    }

    @Test
    @Proves({"A1", "T3"})
    void aSilentConmgrLeavesTheNextHostSomeOfTheLimit() throws Exception {
        try (ScriptedConmgr silent = ScriptedConmgr.playing(ScriptedConmgr::untilClosed);
                Connection connection = connect(silent.hostPort() + "," + conmgr.hostPort(), "&connectTimeout=4")) {
            assertTrue(connection.isValid(5));
            assertEquals(1, silent.accepted());
        }
    }

    @Test
    void anApplicationsOwnHostnameVerifierIsLeftAlone() {
        Properties properties = new Properties();
        properties.setProperty("sslhostnameverifier", "theirs.Verifier");
        assertNull(new ConmgrSocketFactory(properties).latestInstanceHost());
        assertEquals("theirs.Verifier", properties.getProperty("sslhostnameverifier"));
    }

    @Test
    void itMakesUnconnectedSocketsAlone() throws IOException {
        ConmgrSocketFactory factory = new ConmgrSocketFactory(new Properties());
        factory.createSocket().close();
        assertThrows(IOException.class, () -> factory.createSocket("127.0.0.1", conmgr.port()));
    }

    private FutureTask<Boolean> hang(Statement statement) {
        FutureTask<Boolean> task = new FutureTask<>(() -> statement.execute("SELECT hang"));
        Thread thread = new Thread(task, "application");
        thread.setDaemon(true);
        thread.start();
        Await.until("the statement runs", DriverUnderTest.LIMIT, () -> instance.log.contains("SELECT hang"));
        return task;
    }
}
