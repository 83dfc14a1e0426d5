package io.github.pgconmgr.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control socket over a real Unix socket, with a conmgr behind it that does what the test says. */
@Proves({"C8", "C9", "C10"})
class AdminServerTest {

    @TempDir
    Path directory;

    private final FakeConmgr conmgr = new FakeConmgr();
    private final List<Message> logged = new CopyOnWriteArrayList<>();
    /** Added to the real clock: a deadline passes when the test says so. */
    private final AtomicLong skippedNanos = new AtomicLong();

    private AdminServer server;
    private Thread thread;

    @BeforeEach
    void start() throws IOException {
        server = open();
        thread = new Thread(server, "admin");
        thread.start();
    }

    private AdminServer open() throws IOException {
        return AdminServer.open(
                directory,
                new ControlAnswers(conmgr, new ControlAnswers.ConmgrIdentity(42, "9.9")),
                (message, component, arguments) -> logged.add(message),
                () -> NanoClock.SYSTEM.nanoTime() + skippedNanos.get());
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        server.close();
        thread.join();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(ControlSocket.FILE_NAME)));
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String readAll(SocketChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }

    private String ask(String line) throws IOException {
        try (SocketChannel channel = connect()) {
            send(channel, line);
            return readAll(channel);
        }
    }

    @Test
    void anAnswerIsOkThenABodyThenTheEnd() throws IOException {
        assertEquals("OK\n9.9\n", ask("version\n"));
        assertTrue(ask("status all\n").startsWith("OK\nconmgr 9.9 is running (PID 42)\n"));
        assertEquals("OK\napplications: 0\n", ask("status application\n"));
        assertEquals("ERR unknown request\n", ask("make coffee\n"));
    }

    @Test
    void aStatusThatDoesNotComeInTimeIsSaidSo() throws IOException {
        conmgr.stuck = true;
        assertEquals("ERR conmgr did not tell its status in time\n", ask("status all\n"));
    }

    @Test
    void theSocketBelongsToItsOwnerAlone() throws IOException {
        Path socket = directory.resolve(ControlSocket.FILE_NAME);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void awaitIsAnsweredWhenTheHeartbeatStandsAndOthersAreServedMeanwhile() throws IOException {
        try (SocketChannel primary = connect();
                SocketChannel all = connect()) {
            send(primary, "await primary\n");
            send(all, "await all\n");
            assertEquals("OK\n9.9\n", ask("version\n"));
            conmgr.primaryStands = true;
            server.onTopologyChanged();
            assertEquals("OK\n", readAll(primary));
            assertEquals("OK\n9.9\n", ask("version\n"));
            conmgr.allStand = true;
            server.onTopologyChanged();
            assertEquals("OK\n", readAll(all));
        }
    }

    @Test
    void stopIsPassedOnAndItsConnectionLastsAsLongAsTheServer() throws IOException, InterruptedException {
        try (SocketChannel channel = connect()) {
            send(channel, "stop smart\n");
            assertEquals(StopMode.SMART, conmgr.stops.poll(10, TimeUnit.SECONDS));
            assertEquals("OK\n9.9\n", ask("version\n"));
            server.close();
            assertEquals("OK\n42\n", readAll(channel));
        }
    }

    @Test
    void aRestartIsAStopThatSaysSo() throws IOException, InterruptedException {
        try (SocketChannel channel = connect()) {
            send(channel, "restart fast\n");
            assertEquals(StopMode.FAST, conmgr.stops.poll(10, TimeUnit.SECONDS));
            assertTrue(conmgr.restarts);
            server.close();
            assertEquals("OK\n42\n", readAll(channel));
        }
    }

    @Test
    @Proves("C1")
    void aReloadIsAnsweredWithWhatItDid() throws IOException {
        assertEquals(
                "OK\na: 1 -> 2\nWARNING: parameter \"port\" cannot be changed without restarting conmgr\n",
                ask("reload\n"));
        conmgr.stuck = true;
        assertEquals("ERR conmgr did not reload in time\n", ask("reload\n"));
    }

    @Test
    void theStatusMayBeAskedForAsJson() throws IOException {
        assertEquals("OK\n{\"applications\":[]}\n", ask("status application json\n"));
    }

    /** What no cm_ctl sends: noise, other protocols, control characters, too much. Nobody else notices. */
    @Test
    void garbageIsRefusedAndHarmsNobody() throws IOException {
        Random random = new Random(20261121);
        for (int round = 0; round < 300; round++) {
            byte[] noise = new byte[1 + random.nextInt(3000)];
            random.nextBytes(noise);
            try (SocketChannel channel = connect()) {
                channel.write(ByteBuffer.wrap(noise));
                channel.shutdownOutput();
                String answer = readAll(channel);
                assertTrue(
                        answer.isEmpty() || answer.equals("ERR unknown request\n"), "round " + round + ": " + answer);
            } catch (IOException e) {
                // Closed with our noise unread, which resets the connection.
                assertTrue(thread.isAlive(), "round " + round);
            }
        }
        for (String line :
                List.of("GET / HTTP/1.1\r\n", "status all\0\n", "STATUS ALL\n", "reload now\n", "\n", "{}\n")) {
            assertEquals("ERR unknown request\n", ask(line), line);
        }
        assertEquals("OK\n9.9\n", ask("version\n"));
        assertEquals(List.of(), List.copyOf(conmgr.stops));
    }

    @Test
    void aRequestThatIsTooLongOrSplitIsJudgedWhole() throws IOException {
        assertEquals("ERR unknown request\n", ask("v".repeat(ControlRequest.MAX_BYTES)));
        try (SocketChannel channel = connect()) {
            send(channel, "ver");
            assertEquals("OK\n9.9\n", ask("version\n"));
            send(channel, "sion\n");
            assertEquals("OK\n9.9\n", readAll(channel));
        }
    }

    @Test
    void aSlowClientIsClosedAtItsDeadlineAndBlocksNobody() throws IOException {
        try (SocketChannel slow = connect()) {
            send(slow, "stat");
            assertEquals("OK\n9.9\n", ask("version\n"));
            skippedNanos.set(ControlLimits.REQUEST.toNanos());
            server.onTopologyChanged();
            assertEquals("", readAll(slow));
            assertEquals(List.of(Message.CONTROL_FAILED), logged);
        }
    }

    @Test
    void aClientThatDoesNotReadItsAnswerIsClosedAtItsDeadlineAndBlocksNobody() throws IOException {
        conmgr.applications = 100_000;
        try (SocketChannel deaf = connect()) {
            send(deaf, "status all\n");
            assertEquals("OK\n9.9\n", ask("version\n"));
            skippedNanos.set(ControlLimits.ANSWER.toNanos() + 1_000_000_000L);
            server.onTopologyChanged();
            assertEquals("OK\n9.9\n", ask("version\n"));
            String cut = readAll(deaf);
            assertFalse(cut.endsWith("\n") && cut.lines().count() > 100_000, "the whole answer came");
        }
    }

    @Test
    void theTopologyIsShown() throws IOException {
        String answer = ask("topology\n");
        assertTrue(answer.startsWith("OK\nremembered: nothing\n"), answer);
        assertTrue(answer.endsWith("applications that wait for an instance: 3\n"), answer);
        conmgr.stuck = true;
        assertEquals("ERR conmgr did not tell its status in time\n", ask("topology\n"));
    }

    @Test
    void theTimelineIsShownAndForgotten() throws IOException {
        assertEquals("OK\nremembered: timeline 2\n", ask("forget-timeline\n"));
        assertEquals("OK\nforgotten: timeline 2\n", ask("forget-timeline yes\n"));
        conmgr.stuck = true;
        assertEquals("ERR conmgr did not answer in time\n", ask("forget-timeline yes\n"));
    }

    @Test
    void aLongAnswerArrivesWhole() throws IOException {
        conmgr.applications = 20_000;
        assertEquals(20_003, ask("status application\n").lines().count());
    }

    @Test
    void connectionsAreLimited() throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < ControlLimits.MAX_CONNECTIONS; i++) {
                channels.add(connect());
                send(channels.get(i), "await all\n");
            }
            try (SocketChannel over = connect()) {
                assertEquals("ERR too many control connections\n", readAll(over));
            }
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    void aSocketThatADeadConmgrLeftIsReplaced() throws IOException, InterruptedException {
        server.close();
        thread.join();
        Files.createFile(directory.resolve(ControlSocket.FILE_NAME));
        start();
        assertEquals("OK\n9.9\n", ask("version\n"));
    }

    @Test
    void aDirectoryNameThatIsTooLongForASocketIsSaidSo() {
        Path parent = Path.of("/" + "d".repeat(ControlSocket.MAX_PATH_BYTES - ControlSocket.FILE_NAME.length() - 2));
        assertTrue(ControlSocket.fits(parent));
        Path tooLong = Path.of(parent + "d");
        assertFalse(ControlSocket.fits(tooLong));
        IOException e = assertThrows(IOException.class, () -> ControlSocket.addressIn(tooLong));
        assertTrue(String.valueOf(e.getMessage()).contains("has 108 bytes"), String.valueOf(e.getMessage()));
    }

    /** A conmgr that is as the test sets it. Fields are written by the test, read by the admin thread. */
    private static final class FakeConmgr implements ControlTarget {
        private final BlockingQueue<StopMode> stops = new LinkedBlockingQueue<>();
        private volatile boolean primaryStands;
        private volatile boolean allStand;
        private volatile boolean stuck;
        private volatile boolean restarts;
        private volatile int applications;

        @Override
        public StatusReport status() throws TimeoutException {
            if (stuck) {
                throw new TimeoutException();
            }
            List<ApplicationStatus> list = new ArrayList<>();
            for (int i = 0; i < applications; i++) {
                list.add(new ApplicationStatus("1", "app", "127.0.0.1:" + i, "any", 0, Instant.EPOCH));
            }
            return new StatusReport(
                    new ConmgrStatus(42, "9.9", "/d", 1, Instant.EPOCH),
                    List.of(),
                    list,
                    new PoolStatus("session", 32, 0, 0, 0, 128, List.of()));
        }

        @Override
        public boolean stands(AwaitScope scope) {
            return scope == AwaitScope.PRIMARY ? primaryStands : allStand;
        }

        @Override
        public ReloadReport reload() throws TimeoutException {
            if (stuck) {
                throw new TimeoutException();
            }
            return new ReloadReport("", List.of(), List.of("a: 1 -> 2"), List.of("port"));
        }

        @Override
        public TopologyReport topology() throws TimeoutException {
            if (stuck) {
                throw new TimeoutException();
            }
            return new TopologyReport(List.of(), "nothing", 3);
        }

        @Override
        public String forgetTimeline(boolean really) throws TimeoutException {
            if (stuck) {
                throw new TimeoutException();
            }
            return (really ? "forgotten" : "remembered") + ": timeline 2\n";
        }

        @Override
        public void stop(StopMode mode, boolean restart) {
            restarts = restart;
            stops.add(mode);
        }
    }
}
