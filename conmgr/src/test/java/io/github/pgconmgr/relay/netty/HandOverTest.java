package io.github.pgconmgr.relay.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.frontend.BareSocket;
import io.github.pgconmgr.frontend.Frontend;
import io.github.pgconmgr.frontend.ListenException;
import io.github.pgconmgr.frontend.SocketKind;
import io.github.pgconmgr.frontend.StockClients;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.scripted.ConmgrSample;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.Topology;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stock driver's socket on its way from the front end's loop to the relay's, of either kind. */
class HandOverTest {

    private static final byte[] CANCEL_REQUEST =
            ByteBuffer.allocate(16).putInt(16).putInt(80877102).putLong(7).array();
    private static final byte[] SSL_REQUEST =
            ByteBuffer.allocate(8).putInt(8).putInt(80877103).array();

    private final RecordingLog log = new RecordingLog();
    private final BlockingQueue<Heard> ended = new LinkedBlockingQueue<>();
    private @Nullable RelayLoop loop;
    private @Nullable Frontend frontend;

    @AfterEach
    void end() {
        if (frontend != null) {
            frontend.stop();
        }
        if (loop != null) {
            loop.stop(nowNanos -> {});
        }
    }

    /** Says what it hears, and remembers it. */
    private final class Heard implements ConnectionEvents {

        private final Connection connection;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Heard(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void onBytes(ByteBuffer chunk, long nowNanos) {
            byte[] said = new byte[chunk.remaining()];
            chunk.get(said);
            bytes.writeBytes(said);
            connection.write(ByteBuffer.wrap(said));
        }

        @Override
        public void onWritable(long nowNanos) {}

        @Override
        public void onClosed(String reason, long nowNanos) {
            ended.add(this);
        }
    }

    private Frontend start(SocketKind kind, RelayLoop.Acceptor acceptor) throws ListenException {
        RelayLoop taker = new RelayLoop(NanoClock.SYSTEM, null, kind);
        loop = taker;
        StockClients relay = new StockClients() {
            @Override
            public void take(BareSocket socket, ByteBuffer received, Runnable onClosed) {
                taker.adopt(socket, received, acceptor, onClosed);
            }

            @Override
            public SocketKind sockets() {
                return kind;
            }
        };
        ConmgrConfig config = new ConmgrSample().build();
        Frontend made =
                new Frontend(config, new Topology(config.instances(), log), relay, log, NanoClock.SYSTEM, () -> {});
        frontend = made;
        made.start();
        return made;
    }

    private static Socket connect(Frontend to) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), to.port());
        client.setSoTimeout(20_000);
        return client;
    }

    private static void awaitNobody(Frontend at) {
        Await.until(
                "nobody is counted",
                Duration.ofSeconds(20),
                () -> at.status().join().connections() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSaidBeforeAndBehindIsHeardOnceAndInOrder(SocketKind kind) throws Exception {
        Frontend at = start(kind, (connection, nowNanos) -> new Heard(connection));
        try (Socket client = connect(at)) {
            client.getOutputStream().write(SSL_REQUEST);
            assertArrayEquals(SSL_REQUEST, client.getInputStream().readNBytes(SSL_REQUEST.length));
            client.getOutputStream().write(CANCEL_REQUEST);
            assertArrayEquals(CANCEL_REQUEST, client.getInputStream().readNBytes(CANCEL_REQUEST.length));
            assertEquals(1, at.status().join().connections());
        }
        awaitNobody(at);
    }

    /** As tokio-postgres cancels: sixteen bytes and the end, which the front end learns of together. */
    @ParameterizedTest
    @EnumSource
    void aFirstPacketThatComesWithTheEndIsHeard(SocketKind kind) throws Exception {
        Frontend at = start(kind, (connection, nowNanos) -> new Heard(connection));
        for (int time = 0; time < 50; time++) {
            try (Socket client = connect(at)) {
                client.getOutputStream().write(CANCEL_REQUEST);
                client.shutdownOutput();
                Heard heard = ended.poll(20, TimeUnit.SECONDS);
                assertArrayEquals(CANCEL_REQUEST, heard == null ? null : heard.bytes.toByteArray(), "time " + time);
                assertArrayEquals(CANCEL_REQUEST, client.getInputStream().readAllBytes());
            }
        }
        awaitNobody(at);
    }

    @ParameterizedTest
    @EnumSource
    void whoIsGoneByAResetIsNotLeftBehind(SocketKind kind) throws Exception {
        Frontend at = start(kind, (connection, nowNanos) -> new Heard(connection));
        for (int time = 0; time < 50; time++) {
            try (Socket client = connect(at)) {
                client.getOutputStream().write(CANCEL_REQUEST);
                client.setSoLinger(true, 0);
            }
        }
        awaitNobody(at);
    }

    @ParameterizedTest
    @EnumSource
    void whoIsNotAcceptedForAMistakeIsClosed(SocketKind kind) throws Exception {
        Frontend at = start(kind, (connection, nowNanos) -> {
            throw new IllegalStateException("a mistake");
        });
        try (Socket client = connect(at)) {
            client.getOutputStream().write(SSL_REQUEST);
            assertEquals(-1, client.getInputStream().read());
        }
        awaitNobody(at);
    }
}
