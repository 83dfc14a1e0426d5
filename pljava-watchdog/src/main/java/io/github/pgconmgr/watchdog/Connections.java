package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.time.WallClock;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.NoiseLog;
import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.watchdog.peer.PeerEndpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * All heartbeat connections, in the order of their accept; keeps the limits on those that wait for their HELLO or PROOF.
 *
 * <p>Confined to the I/O thread.
 */
final class Connections {

    private final ServerLimits limits;
    private final NoiseLog.Sink log;
    private final NoiseLog noise;
    private final WallClock wallClock;
    private final Map<Long, Connection> byId = new LinkedHashMap<>();
    /** Those without a HELLO, in the order of their accept; who said it, or is closed, is taken out when somebody looks. */
    private final Map<Long, Connection> newcomers = new LinkedHashMap<>();

    private final List<Connection> broken = new ArrayList<>();
    private long lastId;

    Connections(ServerLimits limits, WallClock wallClock, NoiseLog.Sink log) {
        this.wallClock = wallClock;
        this.limits = limits;
        this.log = log;
        this.noise = new NoiseLog("heartbeat connections", log);
    }

    /**
     * Takes a new connection in; null is returned if that failed. If too many wait for their HELLO, the one that has waited
     * longest goes: a conmgr says HELLO at once, so idle strangers push out each other and not a conmgr that comes back.
     */
    @Nullable
    Connection add(long nowNanos, SocketChannel channel, Selector selector) {
        if (waiting() >= limits.maxWaiting()) {
            closeLongestWaiting(nowNanos);
        }
        try {
            InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            long wallMicros = ChronoUnit.MICROS.between(Instant.EPOCH, wallClock.now());
            PeerEndpoint endpoint = new PeerEndpoint(PeerAddress.of(remote.getAddress()), remote.getPort(), wallMicros);
            Connection.Accepted accepted = new Connection.Accepted(channel, key, endpoint);
            long helloDeadline = nowNanos + limits.helloLimitNanos();
            Connection connection =
                    new Connection(++lastId, accepted, limits.maxUnsentBytes(), helloDeadline, broken::add);
            key.attach(connection);
            byId.put(connection.id(), connection);
            newcomers.put(connection.id(), connection);
            return connection;
        } catch (IOException e) {
            noise.log(nowNanos, LogLevel.LOG, "could not take a heartbeat connection: " + e.getMessage());
            Channels.close(channel);
            return null;
        }
    }

    private void closeLongestWaiting(long nowNanos) {
        waitingOnes().stream().findFirst().ifPresent(connection -> {
            byId.remove(connection.id());
            connection.close();
            noise.log(
                    nowNanos,
                    LogLevel.WARNING,
                    limits.maxWaiting() + " connections wait for their HELLO; closed the one that waited longest, "
                            + connection);
        });
    }

    @Nullable
    Connection get(long id) {
        return byId.get(id);
    }

    /** Closes one that the peer table has no use for. */
    void close(long id, String reason) {
        Connection connection = byId.remove(id);
        if (connection != null) {
            connection.close();
            log.log(LogLevel.DEBUG1, connection + " closed: " + reason);
        }
    }

    /** Takes out and closes those that broke. */
    List<Connection> takeBroken(long nowNanos) {
        List<Connection> taken = new ArrayList<>();
        for (Connection connection : broken) {
            if (byId.remove(connection.id(), connection)) {
                connection.close();
                logBroken(nowNanos, connection);
                taken.add(connection);
            }
        }
        broken.clear();
        return taken;
    }

    private void logBroken(long nowNanos, Connection connection) {
        String line = connection + " ended: " + connection.problem();
        if (Connection.END_OF_FILE.equals(connection.problem())) {
            log.log(LogLevel.DEBUG1, line);
        } else {
            noise.log(nowNanos, LogLevel.LOG, line);
        }
    }

    /** Closes those whose HELLO or PROOF is late. */
    void onTick(long nowNanos) {
        noise.onTick(nowNanos);
        for (Connection connection : List.copyOf(waitingOnes())) {
            if (nowNanos - connection.helloDeadlineNanos() <= 0) {
                return;
            }
            byId.remove(connection.id());
            connection.close();
            String missing = connection.admission().unproven() == null ? "HELLO" : "PROOF";
            noise.log(nowNanos, LogLevel.LOG, connection + " closed: no " + missing + " in time");
        }
    }

    /** When the next HELLO is late. */
    OptionalLong nextDeadlineNanos() {
        return waitingOnes().stream()
                .mapToLong(connection -> connection.helloDeadlineNanos() + 1)
                .findFirst();
    }

    /** Whether half of the places of those who wait are taken. */
    boolean isCrowded() {
        return waiting() > limits.maxWaiting() / 2;
    }

    int waiting() {
        return waitingOnes().size();
    }

    private Collection<Connection> waitingOnes() {
        newcomers.values().removeIf(newcomer -> newcomer.admission().isGreeted() || !byId.containsKey(newcomer.id()));
        return newcomers.values();
    }

    boolean hasUnsent() {
        return byId.values().stream().anyMatch(Connection::hasUnsent);
    }

    void closeAll() {
        byId.values().forEach(Connection::close);
        byId.clear();
    }
}
