package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.wire.heartbeat.Follow;
import java.util.concurrent.TimeUnit;

/**
 * Whether the watchdog is to tell each new LSN at once (ADR 11). A lease: it ends by itself, so nobody has to remember to end it.
 * Longer than any driver waits for an LSN, and than the pause between two of the frontend's requests for it, together.
 *
 * <p>Confined to the loop that owns the link.
 */
final class Following {

    static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(120);

    private boolean wanted;
    private long untilNanos;

    /** It is wanted from now on, for one lease. */
    void onWanted(long nowNanos) {
        wanted = true;
        untilNanos = nowNanos + LEASE_NANOS;
    }

    boolean isWanted(long nowNanos) {
        wanted = wanted && untilNanos - nowNanos > 0;
        return wanted;
    }

    /** For what is left of the lease. */
    Follow frame(long nowNanos) {
        return new Follow((int) TimeUnit.NANOSECONDS.toMillis(untilNanos - nowNanos));
    }
}
