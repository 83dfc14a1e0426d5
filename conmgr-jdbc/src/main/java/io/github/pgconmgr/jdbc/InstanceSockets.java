package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Makes the sockets of one SQL connection, connected to an address that is known already: pgjdbc keeps the host's name for TLS
 * and .pgpass and does not resolve it again. Serves the SQL connection and, later, its cancel requests.
 *
 * <p>Shared: pgjdbc may cancel from another thread.
 */
final class InstanceSockets {

    private final InetSocketAddress address;
    private final @Nullable InetAddress localAddress;
    private final @Nullable Watch watch;
    private final NanoClock clock;
    private final Deadline connectDeadline;
    private final long cancelNanos;
    private volatile boolean connected;

    private InstanceSockets(
            InetSocketAddress address, @Nullable Watch watch, Deadline connectDeadline, SocketSettings settings) {
        this.address = address;
        this.watch = watch;
        this.connectDeadline = connectDeadline;
        this.localAddress = settings.localAddress();
        this.cancelNanos = settings.cancelNanos();
        this.clock = settings.clock();
    }

    /**
     * What all sockets of a connection have in common.
     *
     * @param localAddress {@code localSocketAddress}: pgjdbc would bind to it, but gets its sockets connected
     * @param cancelNanos {@code cancelSignalTimeout}; 0 is no limit
     */
    record SocketSettings(@Nullable InetAddress localAddress, long cancelNanos, NanoClock clock) {}

    /** Sockets to an instance of the host list, which no conmgr watches. */
    static InstanceSockets unwatched(InetSocketAddress address, Deadline deadline, SocketSettings settings) {
        return new InstanceSockets(address, null, deadline, settings);
    }

    /** Sockets to an instance that a conmgr named. */
    static InstanceSockets watched(InetSocketAddress address, Watch watch, Deadline deadline, SocketSettings settings) {
        return new InstanceSockets(address, watch, deadline, settings);
    }

    /** The SQL connection stands; what is opened from now on is for cancel requests and has their limit. */
    void onConnected() {
        connected = true;
    }

    /**
     * A connected socket. Blocks until the limit.
     *
     * @throws IOException if it cannot be connected, or conmgr has told that the instance is gone
     */
    Socket open() throws IOException {
        Deadline deadline = connected ? Deadline.after(clock.nanoTime(), cancelNanos) : connectDeadline;
        Socket socket = unconnected();
        boolean done = false;
        try {
            if (localAddress != null) {
                socket.bind(new InetSocketAddress(localAddress, 0));
            }
            socket.connect(address, deadline.socketMillis(clock));
            done = true;
            return socket;
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    private Socket unconnected() throws IOException {
        if (watch == null) {
            return new Socket();
        }
        WatchedSocket socket = new WatchedSocket(watch);
        watch.add(socket);
        return socket;
    }
}
