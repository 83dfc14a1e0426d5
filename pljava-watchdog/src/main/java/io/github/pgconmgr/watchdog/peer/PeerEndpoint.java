package io.github.pgconmgr.watchdog.peer;

/**
 * The other end of a heartbeat connection. Immutable.
 *
 * @param port the conmgr's own, ephemeral port
 * @param connectedAtMicros when the connection was accepted, since 1970 UTC; for the view, nothing is judged by it
 */
public record PeerEndpoint(PeerAddress address, int port, long connectedAtMicros) {

    /** For log lines. */
    @Override
    public String toString() {
        return address + " port " + port;
    }
}
