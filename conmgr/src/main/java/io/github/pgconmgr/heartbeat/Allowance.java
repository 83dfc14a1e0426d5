package io.github.pgconmgr.heartbeat;

/**
 * How far our own stalls move one deadline: by their length, by one interval at most (ADR 1).
 *
 * <p>Confined to the loop that owns the link.
 */
final class Allowance {

    private final long mostNanos;
    private long nanos;

    Allowance(long mostNanos) {
        this.mostNanos = mostNanos;
    }

    void add(long stallNanos) {
        nanos = Math.min(mostNanos, nanos + Math.min(stallNanos, mostNanos));
    }

    void reset() {
        nanos = 0;
    }

    long nanos() {
        return nanos;
    }
}
