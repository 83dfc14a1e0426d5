package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;

/**
 * What a link's core asks of the network. Called on the loop that owns the core; must not block. Answers come back as events
 * with the same number, at once or later; the core ignores those of older numbers.
 */
public interface LinkCommands {

    /** Opens a connection to the watchdog. Ends in onConnected or onConnectFailed. */
    void connect(long attempt);

    /** Sends on the current connection. A BEAT may be left out if the socket is full. */
    void send(HeartbeatFrame frame);

    /** Sends the last frame, lets it go out (at most 1 s) and closes. */
    void sendLast(HeartbeatFrame frame);

    /** Ends the current connection or attempt; nothing happens if there is none. No event has to follow. */
    void close();

    /** Tries a TCP connect to {@code backend_port} and closes it. Ends in onBackendPort. */
    void probeBackendPort(long probe);
}
