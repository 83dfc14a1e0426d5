package io.github.pgconmgr.relay.session;

import java.nio.ByteBuffer;

/**
 * The reset of a server connection: what its last client left is cleared away (P10). It is <i>due</i> while the connection lies in the
 * cache, and sent before anything else; its answers are nobody's. Confined to the relay's loop.
 */
final class ServerReset {

    /** Messages that it must see whole. */
    static final String WANTED = "ZSE";

    private final ServerSession server;
    private boolean due;
    private boolean failed;
    private int awaited;
    private long sentNanos;

    ServerReset(ServerSession server) {
        this.server = server;
    }

    /** It is to be sent before anything else; what is prepared counts as gone from now on, for whoever gets the connection next. */
    void setDue() {
        due = true;
        server.forgetStatements();
    }

    boolean isDue() {
        return due;
    }

    /** What comes now answers it. */
    boolean isAwaited() {
        return awaited > 0;
    }

    boolean hasFailed() {
        return failed;
    }

    void fail() {
        failed = true;
    }

    /** Whether its answers have been awaited for so long. */
    boolean isLate(long limitNanos, long nowNanos) {
        return awaited > 0 && nowNanos - sentNanos >= limitNanos;
    }

    /** Somebody sends these now, so many statements. */
    void onSent(int statements, long nowNanos) {
        due = false;
        awaited += statements;
        sentNanos = nowNanos;
    }

    void onMessage(int type, ByteBuffer buffer, int from, int to) {
        switch (type) {
            case 'Z' -> awaited--;
            case 'E' -> failed = true;
            case 'S' -> server.parameters().onStatus(buffer, from, to, true);
            default -> {}
        }
    }
}
