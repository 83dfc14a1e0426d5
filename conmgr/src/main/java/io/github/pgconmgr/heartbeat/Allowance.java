package io.github.pgconmgr.heartbeat;

/**
 * How far our own stalls move one deadline: by their length, by one interval at most (ADR 1).
 *
 * <p>Confined to the loop that owns the link.
 */
final class Allowance {

    private long nanos;

    /** Adds a stall; {@code mostNanos}, the interval, is the most that there can be in all. */
    void add(long stallNanos, long mostNanos) {
        nanos = Math.min(mostNanos, nanos + Math.min(stallNanos, mostNanos));
    }

    void reset() {
        nanos = 0;
    }

    long nanos() {
        return nanos;
    }
}
