package io.github.pgconmgr.heartbeat;

/**
 * When {@code backend_port} of a SUSPECT instance is tried: at once, then heartbeat_connect_interval after each answer, one at a
 * time.
 *
 * <p>Confined to the loop that owns the link.
 */
final class BackendProbe {

    private long number;
    private boolean pending;
    private long nextNanos;

    /** The instance became SUSPECT: an older probe, should it still be out, tells nothing any more. */
    void begin(long nowNanos) {
        pending = false;
        nextNanos = nowNanos;
    }

    boolean isPending() {
        return pending;
    }

    long nextNanos() {
        return nextNanos;
    }

    boolean isDue(long nowNanos) {
        return !pending && nowNanos - nextNanos >= 0;
    }

    /** Starts a probe and gives its number. */
    long start() {
        pending = true;
        return ++number;
    }

    /** Whether this is the answer that is waited for; the next probe is due {@code intervalNanos} later. */
    boolean onAnswer(long nowNanos, long answered, long intervalNanos) {
        if (!pending || answered != number) {
            return false;
        }
        pending = false;
        nextNanos = nowNanos + intervalNanos;
        return true;
    }
}
