package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Follow;
import io.github.pgconmgr.wire.heartbeat.FrameType;
import java.util.concurrent.TimeUnit;

/**
 * The BEATs of one conmgr on one connection: when the next is due and what it says (L2), and whether a new LSN is worth one more
 * (ADR 11). It begins with a HELLO and ends with the connection.
 *
 * <p>Confined to the peer table's thread.
 */
final class PeerLink {

    private static final long MAX_U32 = 0xFFFF_FFFFL;

    /** Send times kept: an echo is hardly ever older than the last BEAT. */
    private static final int REMEMBERED = 8;

    private static final int EARLY_PART = 32;

    private final long connectionId;
    private final int highestFrame;
    private long intervalNanos;
    private long nextBeatNanos;
    private long sequence;
    private long echo;
    private long echoReceivedNanos;
    private long longestStallNanos;
    private final long[] sentNanos = new long[REMEMBERED];
    private int roundTripMicros = Contact.NO_ROUND_TRIP;
    private boolean following;
    private long followUntilNanos;

    PeerLink(Arrival arrival, long nowNanos) {
        this.connectionId = arrival.connectionId();
        this.highestFrame = arrival.hello().highestFrame();
        this.intervalNanos = arrival.hello().settings().intervalNanos();
        this.nextBeatNanos = nowNanos;
    }

    long connectionId() {
        return connectionId;
    }

    /** Whether the conmgr takes frames of that type. */
    boolean takes(FrameType type) {
        return type.code() <= highestFrame;
    }

    void onFollow(long nowNanos, Follow follow) {
        following = true;
        followUntilNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(follow.millis());
    }

    /** Whether the conmgr wants to hear of each new LSN at once. */
    boolean isFollowing(long nowNanos) {
        following = following && followUntilNanos - nowNanos > 0;
        return following;
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

    /** By how much a BEAT may go before it is due, if there is an occasion. */
    long earlyNanos() {
        return intervalNanos / EARLY_PART;
    }

    boolean isBeatDue(long nowNanos) {
        return nowNanos - nextBeatNanos >= 0;
    }

    /** The BEAT of now; the next is planned from the plan, not from now, so that lateness does not add up. */
    Beat dueBeat(long nowNanos, long lsn) {
        nextBeatNanos += intervalNanos;
        if (isBeatDue(nowNanos)) {
            nextBeatNanos = nowNanos + intervalNanos;
        }
        return beat(nowNanos, lsn);
    }

    /** One more BEAT, which changes nothing of when the next is due. */
    Beat beat(long nowNanos, long lsn) {
        long held = echo == 0 ? 0 : nowNanos - echoReceivedNanos;
        Beat beat = new Beat(++sequence, echo, micros(held), micros(longestStallNanos), lsn);
        sentNanos[(int) (sequence % REMEMBERED)] = nowNanos;
        longestStallNanos = 0;
        return beat;
    }

    private static int micros(long nanos) {
        return (int) Math.min(MAX_U32, nanos / 1000);
    }
}
