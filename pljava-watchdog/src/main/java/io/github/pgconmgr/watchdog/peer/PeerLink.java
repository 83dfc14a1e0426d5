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

    /** Send times kept: an echo is hardly ever older than the last BEAT. */
    private static final int REMEMBERED = 8;

    private final long connectionId;
    private long intervalNanos;
    private long nextBeatNanos;
    private long sequence;
    private long echo;
    private long echoReceivedNanos;
    private long longestStallNanos;
    private final long[] sentNanos = new long[REMEMBERED];
    private int roundTripMicros = Contact.NO_ROUND_TRIP;

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
        long age = sequence - beat.echo();
        if (beat.echo() >= 1 && age >= 0 && age < REMEMBERED) {
            long heldNanos = Integer.toUnsignedLong(beat.heldMicros()) * 1000;
            long roundTripNanos = nowNanos - sentNanos[(int) (beat.echo() % REMEMBERED)] - heldNanos;
            roundTripMicros = (int) Math.min(Integer.MAX_VALUE, Math.max(0, roundTripNanos) / 1000);
        }
    }

    /** The last one measured, for the view; {@link Contact#NO_ROUND_TRIP} if there is none. */
    int roundTripMicros() {
        return roundTripMicros;
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
        sentNanos[(int) (sequence % REMEMBERED)] = nowNanos;
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
