package io.github.pgconmgr.relay.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.frontend.SocketKind;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.time.NanoClock;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The relay's sockets, of either kind, with the JDK's own on the other side. */
class SocketsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MEGABYTES = 32 << 20;

    private final OpenDoor door = new OpenDoor();
    private @Nullable RelayLoop loop;

    @AfterEach
    void end() {
        if (loop != null) {
            loop.stop(nowNanos -> {});
        }
    }

    private RelayLoop start(SocketKind kind) {
        RelayLoop made = new RelayLoop(NanoClock.SYSTEM, null, kind);
        loop = made;
        return made;
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Socket client(RelayLoop on, Function<Connection, ConnectionEvents> told) throws IOException {
        InetSocketAddress address = on.listen(anyPort(), 10, door, (connection, nowNanos) -> told.apply(connection));
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatDoesNotReadIsNotReadFromAndLosesNothing(SocketKind kind) throws Exception {
        Made<Echo> made = new Made<>(Echo::new);
        try (Socket client = client(start(kind), made)) {
            byte[] data = new byte[MEGABYTES];
            new Random(1).nextBytes(data);
            Thread writer = new Thread(() -> write(client, data));
            writer.start();
            assertTrue(made.get().congested.get(20, TimeUnit.SECONDS));
            assertArrayEquals(data, client.getInputStream().readNBytes(MEGABYTES));
            writer.join(20_000);
            client.shutdownOutput();
            assertEquals("", made.get().closed.get(20, TimeUnit.SECONDS));
            Await.until("nobody is counted", LIMIT, () -> door.inside.get() == 0);
        }
    }

    private static void write(Socket socket, byte[] data) {
        try {
            socket.getOutputStream().write(data);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Hears what comes, but not before it is told to. */
    private static final class Late implements ConnectionEvents {

        private final Connection connection;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> all = new CompletableFuture<>();
        private final CountDownLatch first = new CountDownLatch(1);

        Late(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void onBytes(ByteBuffer chunk, long nowNanos) {
            byte[] bytes = new byte[chunk.remaining()];
            chunk.get(bytes);
            heard.writeBytes(bytes);
            if (first.getCount() > 0) {
                connection.pauseReading();
                first.countDown();
            }
        }

        @Override
        public void onWritable(long nowNanos) {}

        @Override
        public void onClosed(String reason, long nowNanos) {
            all.complete(heard.toByteArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCameBeforeTheEndIsHeardByWhoWasNotReading(SocketKind kind) throws Exception {
        Made<Late> made = new Made<>(Late::new);
        RelayLoop on = start(kind);
        Socket client = client(on, made);
        byte[] data = new byte[100_000];
        new Random(2).nextBytes(data);
        write(client, data);
        client.close();
        Late late = made.get();
        assertTrue(late.first.await(20, TimeUnit.SECONDS));
        assertFalse(late.all.isDone());
        on.execute(nowNanos -> late.connection.resumeReading());
        assertArrayEquals(data, late.all.get(20, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @EnumSource
    void aResetIsToldToWhoReadsAgain(SocketKind kind) throws Exception {
        Made<Late> made = new Made<>(Late::new);
        RelayLoop on = start(kind);
        Socket client = client(on, made);
        write(client, new byte[] {1});
        Late late = made.get();
        assertTrue(late.first.await(20, TimeUnit.SECONDS));
        client.setSoLinger(true, 0);
        client.close();
        // Two turns of the loop, in which the hang-up is told and told again.
        on.ask(nowNanos -> true).get(20, TimeUnit.SECONDS);
        on.ask(nowNanos -> true).get(20, TimeUnit.SECONDS);
        on.execute(nowNanos -> late.connection.resumeReading());
        assertArrayEquals(new byte[] {1}, late.all.get(20, TimeUnit.SECONDS));
    }

    /** Says a lot and ends. */
    @ParameterizedTest
    @EnumSource
    void closingWaitsUntilAllIsWritten(SocketKind kind) throws Exception {
        byte[] data = new byte[MEGABYTES / 2];
        new Random(3).nextBytes(data);
        try (Socket client = client(start(kind), connection -> new Echo(connection) {
            @Override
            public void onBytes(ByteBuffer chunk, long nowNanos) {
                chunk.position(chunk.limit());
                connection.write(ByteBuffer.wrap(data));
                connection.closeWhenWritten();
                connection.closeWhenWritten();
            }
        })) {
            write(client, new byte[] {1});
            assertArrayEquals(data, client.getInputStream().readAllBytes());
        }
    }

    /** Thrown on, an exception would stop the loop for a second, and whoever else was told of in the same turn would be forgotten. */
    @ParameterizedTest
    @EnumSource
    void aMistakeWithOneClientEndsThatOneAndNobodyElse(SocketKind kind) throws Exception {
        RelayLoop on = start(kind);
        Made<Echo> made = new Made<>(connection -> new Echo(connection) {
            @Override
            public void onWritable(long nowNanos) {
                throw new IllegalStateException("a mistake");
            }
        });
        try (Socket good = client(on, Echo::new);
                Socket bad = client(on, made)) {
            Thread writer = new Thread(() -> {
                try {
                    bad.getOutputStream().write(new byte[MEGABYTES]);
                } catch (IOException e) {
                    // It is closed in the middle.
                }
            });
            writer.start();
            Echo its = made.get();
            assertTrue(its.congested.get(20, TimeUnit.SECONDS));
            try {
                assertTrue(bad.getInputStream().readNBytes(MEGABYTES).length < MEGABYTES);
            } catch (SocketException e) {
                // A reset: not all that was sent had been read.
            }
            assertEquals("java.lang.IllegalStateException: a mistake", its.closed.get(20, TimeUnit.SECONDS));
            writer.join(20_000);
            write(good, new byte[] {7});
            assertEquals(7, good.getInputStream().read());
        }
    }

    /** Its outcome: an empty text, or why it has failed. */
    private static CompletableFuture<String> dial(
            RelayLoop on, InetSocketAddress address, Function<Connection, ConnectionEvents> told) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        on.execute(begunNanos -> on.network().dial(address, TimeUnit.SECONDS.toNanos(10), new Network.Dialled() {
            @Override
            public ConnectionEvents onConnected(Connection connection, long nowNanos) {
                ConnectionEvents events = told.apply(connection);
                outcome.complete("");
                return events;
            }

            @Override
            public void onFailed(String reason, long nowNanos) {
                outcome.complete(reason);
            }
        }));
        return outcome;
    }

    @ParameterizedTest
    @EnumSource
    void whoIsDialledIsHeard(SocketKind kind) throws Exception {
        RelayLoop on = start(kind);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            CompletableFuture<String> outcome = dial(on, address, Echo::new);
            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(20_000);
                assertEquals("", outcome.get(20, TimeUnit.SECONDS));
                write(accepted, new byte[] {7});
                assertEquals(7, accepted.getInputStream().read());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMistakeWithWhoIsDialledIsToldAsAFailure(SocketKind kind) throws Exception {
        RelayLoop on = start(kind);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            CompletableFuture<String> outcome = dial(on, address, connection -> {
                throw new IllegalStateException("a mistake");
            });
            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(20_000);
                assertEquals(-1, accepted.getInputStream().read());
            }
            assertEquals("java.lang.IllegalStateException: a mistake", outcome.get(20, TimeUnit.SECONDS));
        }
    }

    /** Its reset has come already, so that nothing can be written; what it said before that is there still. */
    @ParameterizedTest
    @EnumSource
    void theLastWordOfWhoCannotBeWrittenToIsHeard(SocketKind kind) throws Exception {
        RelayLoop on = start(kind);
        Made<Late> made = new Made<>(connection -> {
            connection.write(ByteBuffer.wrap(new byte[] {1}));
            return new Late(connection);
        });
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            CompletableFuture<String> outcome = dial(on, address, made);
            Socket accepted = server.accept();
            assertEquals("", outcome.get(20, TimeUnit.SECONDS));
            Late late = made.get();
            write(accepted, new byte[] {2});
            assertTrue(late.first.await(20, TimeUnit.SECONDS));
            Await.until(
                    "there is something that nobody reads",
                    LIMIT,
                    () -> accepted.getInputStream().available() > 0);
            write(accepted, new byte[] {3});
            accepted.close();
            on.execute(nowNanos -> late.connection.write(ByteBuffer.wrap(new byte[] {4})));
            assertArrayEquals(new byte[] {2, 3}, late.all.get(20, TimeUnit.SECONDS));
        }
    }

    /** As an event may be somebody else's who had the same descriptor before, in the same turn. */
    @ParameterizedTest
    @EnumSource
    void whoDoesNotAnswerIsNotConnectedWhateverTheLoopTells(SocketKind kind) throws Exception {
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, kind.handlers());
        IoEventLoop silent = group.next();
        Transport transport = kind == SocketKind.EPOLL ? new EpollTransport(silent) : new NioTransport(silent);
        List<Stream> waiting = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            // The kernel's queue takes a few; who comes then hears nothing.
            for (int number = 0; number < 5; number++) {
                waiting.add(transport.connect(address));
            }
            assertFalse(waiting.get(4).finishConnect());
        } finally {
            waiting.forEach(Stream::close);
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "EPOLL")
    void whoHangsUpWhileNobodyReadsIsTold(SocketKind kind) throws Exception {
        CompletableFuture<Boolean> paused = new CompletableFuture<>();
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        Made<Echo> made = new Made<>(connection -> new Echo(connection) {
            @Override
            public void onBytes(ByteBuffer chunk, long nowNanos) {
                connection.pauseReading();
                paused.complete(true);
            }

            @Override
            public void onHungUp(long nowNanos) {
                told.complete(true);
                connection.abort();
            }
        });
        Socket client = client(start(kind), made);
        write(client, new byte[] {1});
        assertTrue(paused.get(20, TimeUnit.SECONDS));
        client.setSoLinger(true, 0);
        client.close();
        assertTrue(told.get(20, TimeUnit.SECONDS));
        made.get().closed.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void whoIsNotThereIsToldAsRefused(SocketKind kind) throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) server.getLocalSocketAddress();
        }
        String reason = dial(start(kind), nobody, Echo::new).get(20, TimeUnit.SECONDS);
        assertTrue(reason.contains("refused"), reason);
    }

    @ParameterizedTest
    @EnumSource
    void aClosedDoorLetsNobodyIn(SocketKind kind) throws Exception {
        RelayLoop on = start(kind);
        InetSocketAddress address = on.listen(anyPort(), 10, door, (connection, nowNanos) -> new Echo(connection));
        on.ask(nowNanos -> {
                    on.pauseListening(true);
                    return true;
                })
                .get(20, TimeUnit.SECONDS);
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            on.ask(nowNanos -> true).get(20, TimeUnit.SECONDS);
            assertEquals(0, door.inside.get());
            on.execute(nowNanos -> on.pauseListening(false));
            client.setSoTimeout(20_000);
            write(client, new byte[] {5});
            assertEquals(5, client.getInputStream().read());
        }
        on.stopListening();
        Await.until("the port is free", LIMIT, () -> canBeBound(address));
    }

    private static boolean canBeBound(InetSocketAddress address) throws IOException {
        try (ServerSocket again = new ServerSocket()) {
            again.setReuseAddress(true);
            again.bind(address);
            return true;
        } catch (BindException e) {
            return false;
        }
    }
}
