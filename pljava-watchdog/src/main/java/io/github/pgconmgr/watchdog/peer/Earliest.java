package io.github.pgconmgr.watchdog.peer;

import java.util.OptionalLong;

/**
 * The earliest of some moments, in nanoseconds of one monotonic clock.
 *
 * <p>Confined to the peer table's thread.
 */
final class Earliest {

    private boolean any;
    private long nanos;

    void include(long candidateNanos) {
        if (!any || candidateNanos - nanos < 0) {
            any = true;
            nanos = candidateNanos;
        }
    }

    void clear() {
        any = false;
    }

    /** Whether there is one at that time or before it. */
    boolean isReached(long nowNanos) {
        return any && nowNanos - nanos >= 0;
    }

    OptionalLong get() {
        return any ? OptionalLong.of(nanos) : OptionalLong.empty();
    }
}
