package io.github.pgconmgr.heartbeat;

/**
 * How far our own stalls move one deadline: by their length, by one interval at most (ADR 1).
 *
 * <p>Confined to the loop that owns the link.
 */
public final class Allowance {

    private long nanos;

    /** Adds a stall; {@code mostNanos}, the interval, is the most that there can be in all. Gives by how much that is more now. */
    public long add(long stallNanos, long mostNanos) {
        long before = nanos;
        nanos = Math.min(mostNanos, nanos + Math.min(stallNanos, mostNanos));
        return Math.max(0, nanos - before);
    }

    /** The peer was heard: none any more. */
    public void reset() {
        nanos = 0;
    }

    /** All of it. */
    public long nanos() {
        return nanos;
    }
}
