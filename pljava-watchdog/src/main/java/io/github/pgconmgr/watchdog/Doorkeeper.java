package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.AllowedConmgrs;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.NoiseLog;
import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.wire.heartbeat.Refused;
import java.util.HashSet;
import java.util.Set;

/**
 * Sends away who comes from an address that is not in {@code watchdog.allowed_conmgrs}: nothing that he says is looked at. As
 * with pg_hba.conf, who is in stays in; the list is asked until HELLO is taken.
 *
 * <p>Confined to the I/O thread.
 */
final class Doorkeeper {

    /** Addresses that were logged; then all are forgotten, and {@link NoiseLog} alone limits the lines. */
    private static final int MAX_LOGGED = 1000;

    private final Connections connections;
    private final NoiseLog noise;
    private final Set<PeerAddress> logged = new HashSet<>();
    private AllowedConmgrs allowed;

    Doorkeeper(AllowedConmgrs allowed, Connections connections, NoiseLog.Sink log) {
        this.allowed = allowed;
        this.connections = connections;
        this.noise = new NoiseLog("addresses that are not allowed", log);
    }

    /** The list was set anew. */
    void onAllowed(AllowedConmgrs latest) {
        if (!latest.equals(allowed)) {
            allowed = latest;
            logged.clear();
        }
    }

    /** Call now and then: tells what was left out of the log. */
    void onTick(long nowNanos) {
        noise.onTick(nowNanos);
    }

    boolean admits(Connection connection) {
        return connection.admission().isGreeted() || allowed.contains(connection.address());
    }

    /**
     * Tells it why, once its first bytes are there and thrown away: with unread bytes the kernel would close by a reset, which
     * can overtake the answer.
     */
    void refuse(long nowNanos, Connection connection) {
        if (connection.discardInput()) {
            connection.send(new Refused(Refused.NOT_ALLOWED, text(connection)));
            sendAway(nowNanos, connection);
        }
    }

    /** Those who must go anyway may not use up the places of those who wait for their HELLO. */
    void onAccept(long nowNanos, Connection connection, boolean crowded) {
        if (crowded && !admits(connection)) {
            sendAway(nowNanos, connection);
        }
    }

    private void sendAway(long nowNanos, Connection connection) {
        if (logged.size() == MAX_LOGGED) {
            logged.clear();
        }
        if (logged.add(connection.address())) {
            noise.log(nowNanos, LogLevel.WARNING, connection + " refused: " + text(connection));
        }
        connections.close(connection.id(), "not allowed");
    }

    private static String text(Connection connection) {
        return "address " + connection.address() + " is not in watchdog.allowed_conmgrs";
    }
}
