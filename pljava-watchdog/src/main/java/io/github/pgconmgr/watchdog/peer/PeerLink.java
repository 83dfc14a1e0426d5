package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.heartbeat.Beat;

/**
 * The BEATs of one conmgr on one connection: when the next is due and what it says (L2). It begins with a HELLO and ends with
 * the connection.
 *
 * <p>Confined to the peer table's thread.
 */
final class PeerLink {

    private static final long MAX_U32 = 0xFFFF_FFFFL;

    private final long connectionId;
    private long intervalNanos;
    private long nextBeatNanos;
    private long sequence;
    private long echo;
    private long echoReceivedNanos;
    private long longestStallNanos;

    PeerLink(long connectionId, long intervalNanos, long nowNanos) {
        this.connectionId = connectionId;
        this.intervalNanos = intervalNanos;
        this.nextBeatNanos = nowNanos;
    }

    long connectionId() {
        return connectionId;
    }

    long nextBeatNanos() {
        return nextBeatNanos;
    }

    /** Another interval from now on: the next BEAT comes no later than by the old one, nor by the new one. */
    void onInterval(long nowNanos, long nanos) {
        intervalNanos = nanos;
        if (nextBeatNanos - (nowNanos + nanos) > 0) {
            nextBeatNanos = nowNanos + nanos;
        }
    }

    void onBeat(long nowNanos, Beat beat) {
        echo = beat.sequence();
        echoReceivedNanos = nowNanos;
    }

    /** Kept per link, so that each peer hears the longest stall since its own last BEAT. */
    void onStall(long nanos) {
        longestStallNanos = Math.max(longestStallNanos, nanos);
    }

    boolean isBeatDue(long nowNanos) {
        return nowNanos - nextBeatNanos >= 0;
    }

    /** The BEAT of now; the next is planned from the plan, not from now, so that lateness does not add up. */
    Beat beat(long nowNanos, long lsn) {
        long held = echo == 0 ? 0 : nowNanos - echoReceivedNanos;
        Beat beat = new Beat(++sequence, echo, micros(held), micros(longestStallNanos), lsn);
        longestStallNanos = 0;
        nextBeatNanos += intervalNanos;
        if (isBeatDue(nowNanos)) {
            nextBeatNanos = nowNanos + intervalNanos;
        }
        return beat;
    }

    private static int micros(long nanos) {
        return (int) Math.min(MAX_U32, nanos / 1000);
    }
}
