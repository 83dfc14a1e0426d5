package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.wire.heartbeat.Beat;
import java.util.concurrent.TimeUnit;

/**
 * The BEATs of one link: when ours are due, and the round trip from echo and held.
 *
 * <p>Confined to the loop that owns the link; one object per connection.
 */
final class Beats {

    /** Send times kept: an echo is hardly ever older than the last BEAT. */
    private static final int REMEMBERED = 16;

    private long intervalNanos;
    private final long[] sentNanos = new long[REMEMBERED];
    private long sequence;
    private long nextNanos;
    private long peerSequence;
    private long peerArrivalNanos;

    /** The first BEAT is due at once. */
    Beats(long intervalNanos, long nowNanos) {
        this.intervalNanos = intervalNanos;
        this.nextNanos = nowNanos;
    }

    long nextNanos() {
        return nextNanos;
    }

    boolean isDue(long nowNanos) {
        return nowNanos - nextNanos >= 0;
    }

    /** Another interval from now on: the next BEAT comes no later than by the old one, nor by the new one. */
    void onInterval(long nowNanos, long nanos) {
        intervalNanos = nanos;
        if (nextNanos - (nowNanos + nanos) > 0) {
            nextNanos = nowNanos + nanos;
        }
    }

    /** Our next BEAT, to be sent now. */
    Beat next(long nowNanos, long stallNanos) {
        sequence++;
        sentNanos[(int) (sequence % REMEMBERED)] = nowNanos;
        nextNanos += intervalNanos;
        if (nextNanos - nowNanos <= 0) {
            // After a stall one BEAT says it all; a burst of those missed would say no more.
            nextNanos = nowNanos + intervalNanos;
        }
        long heldNanos = peerSequence == 0 ? 0 : nowNanos - peerArrivalNanos;
        return new Beat(sequence, peerSequence, micros(heldNanos), micros(stallNanos), 0);
    }

    /**
     * Takes the peer's BEAT in.
     *
     * @return the round trip in microseconds; -1 if the echo is none of our last BEATs
     */
    long onBeat(long nowNanos, Beat beat) {
        peerSequence = beat.sequence();
        peerArrivalNanos = nowNanos;
        long age = sequence - beat.echo();
        if (beat.echo() < 1 || age < 0 || age >= REMEMBERED) {
            return -1;
        }
        long heldNanos = TimeUnit.MICROSECONDS.toNanos(Integer.toUnsignedLong(beat.heldMicros()));
        long roundTripNanos = nowNanos - sentNanos[(int) (beat.echo() % REMEMBERED)] - heldNanos;
        return TimeUnit.NANOSECONDS.toMicros(Math.max(0, roundTripNanos));
    }

    /** As the unsigned 32 bits of the wire. */
    private static int micros(long nanos) {
        return (int) Math.min(0xFFFF_FFFFL, TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos)));
    }
}
