package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;

/**
 * What the peer table wants done. Called on the table's own thread, within one of its events; an implementation must not call
 * back into the table (a failed write is reported as {@link PeerTable#onClosed} afterwards).
 */
public interface PeerCommands {

    /** Sends a frame; a BEAT may be skipped if the socket is full (docs/protocol.md, section 1). */
    void send(long connectionId, HeartbeatFrame frame);

    /**
     * Ends a connection after what was sent on it. The table has forgotten it already; an {@code onClosed} of it is not needed
     * and has no effect.
     */
    void close(long connectionId, String reason);

    /** Ends sessions. */
    void judge(Judgement judgement);

    /** {@link PeerTable#rows} now gives something else. */
    void rowsChanged();

    /** One line for the server's log. */
    void log(LogLevel level, String text);
}
