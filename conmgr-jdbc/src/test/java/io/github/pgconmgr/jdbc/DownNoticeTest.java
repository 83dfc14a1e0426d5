package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both sockets are watched: what conmgr says, or its end, ends every wait on the instance (T4, A2). */
@Proves({"T4", "A2"})
class DownNoticeTest {

    private final DriverUnderTest jdbc = new DriverUnderTest();
    private ScriptedPostgres instance;
    private ScriptedConmgr conmgr;

    /** Something that conmgr does. */
    private interface Act {
        void run() throws Exception;
    }

    @BeforeEach
    void start() throws IOException {
        instance = ScriptedPostgres.primary();
        conmgr = ScriptedConmgr.naming(instance);
    }

    @AfterEach
    void stop() throws IOException {
        conmgr.close();
        instance.close();
        DriverUnderTest.awaitNothingLeft();
    }

    @Test
    void aNoticeEndsABlockedReadAndItsReasonIsTheCause() throws Exception {
        SQLException failed = hangUntil(() -> conmgr.sendDown("no heartbeat for 3.0 s"));
        SocketException cause = assertInstanceOf(SocketException.class, failed.getCause());
        String text = String.valueOf(cause.getMessage());
        assertTrue(text.contains("instance 0 (localhost:" + instance.port()), text);
        assertTrue(text.contains("no heartbeat for 3.0 s"), text);
    }

    @Test
    void conmgrsEndEndsABlockedRead() throws Exception {
        hangUntil(conmgr::closeAll);
    }

    @Test
    void aResetFromConmgrEndsABlockedRead() throws Exception {
        hangUntil(conmgr::resetAll);
    }

    @Test
    void whateverConmgrSaysMeansDown() throws Exception {
        hangUntil(() -> conmgr.sendToAll(new byte[] {'?'}));
    }

    @Test
    void aNoticeEndsABlockedWrite() throws Exception {
        try (Connection connection = jdbc.connect(conmgr.hostPort(), "");
                PreparedStatement statement = connection.prepareStatement("SELECT deaf, ?")) {
            statement.setString(1, "x".repeat(32 * 1024 * 1024));
            FutureTask<Void> write = start(() -> statement.execute());
            Await.until("the instance reads no more", DriverUnderTest.LIMIT, () -> heard("deaf"));
            conmgr.sendDown("cut");
            assertEquals("08006", errorOf(write).getSQLState());
        }
    }

    @Test
    void anIdleConnectionFailsWithItsNextStatement() throws Exception {
        try (Connection connection = jdbc.connect(conmgr.hostPort(), "");
                Statement statement = connection.createStatement()) {
            conmgr.sendDown("cut");
            Await.until("the socket is closed", DriverUnderTest.LIMIT, () -> instance.openConnections() == 0);
            SQLException failed = assertThrows(SQLException.class, () -> statement.execute("SELECT 1"));
            assertEquals("08006", failed.getSQLState());
            assertTrue(connection.isClosed());
        }
    }

    @Test
    void aNoticeDuringTheConnectEndsTheConnect() throws Exception {
        try (ScriptedServer mute = new ScriptedServer(ScriptedConmgr::untilClosed);
                ScriptedConmgr early = ScriptedConmgr.naming(mute)) {
            FutureTask<Void> connect = start(
                    () -> jdbc.connect(early.hostPort(), "&sslmode=disable").close());
            Await.until("stage 2 waits", DriverUnderTest.LIMIT, () -> mute.accepted() == 1);
            early.sendDown("cut");
            assertEquals("08001", errorOf(connect).getSQLState());
            Await.until("the socket is closed", DriverUnderTest.LIMIT, () -> mute.openConnections() == 0);
        }
    }

    @Test
    void aNoticeRightBehindTheAnswerIsNotOverlooked() throws Exception {
        byte[] answer = ScriptedConmgr.bytes(ScriptedConmgr.instanceAnswer("localhost", "127.0.0.1", instance.port()));
        byte[] both = Arrays.copyOf(answer, answer.length + 1);
        both[answer.length] = 'd';
        try (ScriptedConmgr hasty = ScriptedConmgr.sending(both)) {
            FutureTask<Void> use = start(() -> {
                try (Connection connection = jdbc.connect(hasty.hostPort(), "");
                        Statement statement = connection.createStatement()) {
                    statement.execute("SELECT hang");
                }
            });
            String state = errorOf(use).getSQLState();
            assertTrue(state.equals("08001") || state.equals("08006"), state);
        }
    }

    @Test
    void onlyTheConnectionsOfTheConmgrThatSpokeAreEnded() throws Exception {
        try (ScriptedConmgr other = ScriptedConmgr.naming(instance);
                Connection spared = jdbc.connect(other.hostPort(), "");
                Connection struck = jdbc.connect(conmgr.hostPort(), "")) {
            conmgr.sendDown("cut");
            Await.until("one is closed", DriverUnderTest.LIMIT, () -> instance.openConnections() == 1);
            assertFalse(struck.isValid(5));
            assertTrue(spared.isValid(5));
        }
    }

    @Test
    void twoHundredConnectionsShareOneThreadAndLeaveNothing() throws Exception {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            connections.add(jdbc.connect(conmgr.hostPort(), ""));
        }
        assertEquals(1, DriverUnderTest.watcherThreads());
        assertEquals(200, conmgr.openConnections());
        for (Connection connection : connections.subList(0, 100)) {
            connection.close();
        }
        Await.until("their channels are closed", DriverUnderTest.LIMIT, () -> conmgr.openConnections() == 100);
        conmgr.sendDown("cut");
        Await.until("the others are ended", DriverUnderTest.LIMIT, () -> instance.openConnections() == 0);
        Await.until("no channel is left", DriverUnderTest.LIMIT, () -> conmgr.openConnections() == 0);
        for (Connection connection : connections.subList(100, 200)) {
            assertFalse(connection.isValid(5));
            connection.close();
        }
    }

    @Test
    void abortingAConnectionClosesConmgrsChannelToo() throws Exception {
        try (Connection connection = jdbc.connect(conmgr.hostPort(), "")) {
            connection.abort(Runnable::run);
            Await.until("the channel is closed", DriverUnderTest.LIMIT, () -> conmgr.openConnections() == 0);
        }
    }

    @Test
    void anInstancesOwnEndClosesConmgrsChannelToo() throws Exception {
        try (Connection connection = jdbc.connect(conmgr.hostPort(), "")) {
            instance.closeAll();
            assertFalse(connection.isValid(5));
            Await.until("the channel is closed", DriverUnderTest.LIMIT, () -> conmgr.openConnections() == 0);
        }
    }

    @Test
    void aRetiredWatcherServesItsConnectionsToTheirEndAndThenEnds() throws Exception {
        Watcher patient = new Watcher(NanoClock.SYSTEM, TimeUnit.HOURS.toNanos(1));
        ConmgrDriver driver = new ConmgrDriver(NanoClock.SYSTEM, patient);
        String url = "jdbc:conmgr://" + conmgr.hostPort() + "/shop?user=amy";
        try (Connection connection = Objects.requireNonNull(driver.connect(url, null))) {
            patient.retire();
            conmgr.sendDown("cut");
            Await.until("it is ended", DriverUnderTest.LIMIT, () -> instance.openConnections() == 0);
            assertFalse(connection.isValid(5));
        }
        DriverUnderTest.awaitNothingLeft();
    }

    private SQLException hangUntil(Act act) throws Exception {
        try (Connection connection = jdbc.connect(conmgr.hostPort(), "");
                Statement statement = connection.createStatement()) {
            FutureTask<Void> read = start(() -> statement.execute("SELECT hang"));
            Await.until("the statement runs", DriverUnderTest.LIMIT, () -> heard("hang"));
            assertFalse(read.isDone());
            act.run();
            SQLException failed = errorOf(read);
            assertEquals("08006", failed.getSQLState());
            Await.until("the channel is closed", DriverUnderTest.LIMIT, () -> conmgr.openConnections() == 0);
            return failed;
        }
    }

    private boolean heard(String word) {
        return instance.log.stream().anyMatch(line -> line.contains(word));
    }

    private static SQLException errorOf(FutureTask<Void> task) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> task.get(10, TimeUnit.SECONDS));
        return assertInstanceOf(SQLException.class, failed.getCause());
    }

    private static FutureTask<Void> start(Act act) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            act.run();
            return null;
        });
        Thread thread = new Thread(task, "application");
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
