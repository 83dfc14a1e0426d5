package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.watchdog.peer.PeerEndpoint;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose other side never reads. */
class ConnectionTest {

    private static final HeartbeatFrame STATE = new StateChange(new InstanceState(false, false, false, 1, 1));
    private static final int STATE_BYTES = TestConmgr.bytes(STATE).length;
    private static final int MAX_UNSENT = 100;

    private Selector selector;
    private TestConmgr other;
    private Connection connection;

    ConnectionTest() throws Exception {
        selector = Selector.open();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(loopback, 0));
            other = new TestConmgr(listening.socket().getLocalPort());
            SocketChannel channel = listening.accept();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            PeerEndpoint endpoint = new PeerEndpoint(PeerAddress.of(loopback), 1, 0);
            Connection.Accepted accepted = new Connection.Accepted(channel, key, endpoint);
            connection = new Connection(1, accepted, MAX_UNSENT, 0, broken -> {});
        }
    }

    @BeforeEach
    void fillTheSocket() {
        while (!connection.hasUnsent()) {
            connection.send(STATE);
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        connection.close();
        other.close();
        selector.close();
    }

    @Test
    void beatsAreSkippedAndCostNothing() {
        for (int i = 0; i < 1000; i++) {
            connection.send(new Beat(i, 0, 0, 0, 0));
        }
        assertTrue(connection.isOpen());
    }

    @Test
    void itEndsWhenMoreThanTheLimitIsUnsentAndNotBefore() {
        for (int i = 0; i < MAX_UNSENT / STATE_BYTES - 1; i++) {
            connection.send(STATE);
            assertTrue(connection.isOpen());
        }
        connection.send(STATE);
        connection.send(STATE);
        assertFalse(connection.isOpen());
        assertEquals("more than 100 bytes unsent", connection.problem());
    }

    @Test
    void whatWaitedGoesOutWholeWhenTheOtherSideReadsAgain() throws Exception {
        connection.send(STATE);
        while (connection.hasUnsent()) {
            assertEquals(STATE, other.read());
            connection.onWritable();
        }
        connection.send(new Beat(9, 0, 0, 0, 0));
        assertEquals(9, other.await(Beat.class).sequence());
    }
}
