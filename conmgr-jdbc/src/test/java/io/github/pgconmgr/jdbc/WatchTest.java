package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ends what, without a network: the channel is never connected. */
@Proves("T4")
class WatchTest {

    private SocketChannel channel;
    private Watch watch;
    private int closes;

    @BeforeEach
    void create() throws IOException {
        channel = SocketChannel.open();
        watch = new Watch("instance 7 (db:5432)", channel, () -> closes++);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @Test
    void eachPairOfStateAndEventIsInTheTableButASecondEndOfTheConnect() {
        for (WatchState state : WatchState.values()) {
            for (WatchState.Event event : WatchState.Event.values()) {
                boolean impossible = state == WatchState.WATCHING && event == WatchState.Event.CONNECTED;
                assertEquals(!impossible, WatchState.TABLE.allows(state, event), state + " " + event);
            }
        }
    }

    @Test
    void theRetryOfAConnectWithOrWithoutTlsKeepsTheChannel() throws IOException {
        WatchedSocket withTls = socket();
        withTls.close();
        WatchedSocket without = socket();
        assertTrue(watch.onConnected());
        assertTrue(channel.isOpen());
        without.close();
        assertFalse(channel.isOpen());
        assertEquals(WatchState.RELEASED, watch.state());
        assertEquals(1, closes);
    }

    @Test
    void aCancelRequestsSocketComesAndGoesWithoutEndingTheWatch() throws IOException {
        WatchedSocket sql = socket();
        assertTrue(watch.onConnected());
        socket().close();
        assertTrue(channel.isOpen());
        assertFalse(sql.isClosed());
        sql.close();
    }

    @Test
    void aNoticeClosesTheSqlSocketAndACancelsAndNothingCanBeOpenedAfterwards() throws IOException {
        WatchedSocket sql = socket();
        assertTrue(watch.onConnected());
        WatchedSocket cancel = socket();
        watch.onDown("gone");
        watch.onDown("gone again");
        assertTrue(sql.isClosed());
        assertTrue(cancel.isClosed());
        assertTrue(channel.isOpen());
        watch.closeChannel();
        assertFalse(channel.isOpen());
        assertEquals(1, closes);
        SocketException refused = assertThrows(SocketException.class, this::socket);
        assertEquals("instance 7 (db:5432) is down: gone", refused.getMessage());
    }

    @Test
    void aNoticeThatComesBeforeTheEndOfTheConnectSpoilsIt() throws IOException {
        WatchedSocket sql = socket();
        watch.onDown("gone");
        assertFalse(watch.onConnected());
        assertTrue(sql.isClosed());
        assertThrows(SocketException.class, () -> sql.connect(new InetSocketAddress(1)));
    }

    @Test
    void aConnectionThatWasClosedWhileItWasMadeReleasesTheChannel() throws IOException {
        socket().close();
        assertFalse(watch.onConnected());
        assertFalse(channel.isOpen());
    }

    @Test
    void aFailedConnectLeavesNeitherSocketNorChannel() throws IOException {
        WatchedSocket forgotten = socket();
        watch.release();
        assertTrue(forgotten.isClosed());
        assertFalse(channel.isOpen());
        watch.onDown("too late");
        assertEquals(WatchState.RELEASED, watch.state());
    }

    private WatchedSocket socket() throws SocketException {
        WatchedSocket socket = new WatchedSocket(watch);
        watch.add(socket);
        return socket;
    }
}
