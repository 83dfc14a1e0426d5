package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * The moment at which a connect attempt has taken long enough, or never. Immutable.
 */
final class Deadline {

    /** No limit. */
    static final Deadline NEVER = new Deadline(false, 0);

    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final boolean limited;
    private final long atNanos;

    private Deadline(boolean limited, long atNanos) {
        this.limited = limited;
        this.atNanos = atNanos;
    }

    /** So many nanoseconds after {@code nowNanos}; never if there are none, as 0 means "no limit" in pgjdbc's properties. */
    static Deadline after(long nowNanos, long limitNanos) {
        return limitNanos <= 0 ? NEVER : new Deadline(true, nowNanos + limitNanos);
    }

    /** Whether there is a limit at all. */
    boolean isLimited() {
        return limited;
    }

    /** The one that comes first. */
    Deadline orEarlier(Deadline other) {
        if (!limited || !other.limited) {
            return limited ? this : other;
        }
        return atNanos - other.atNanos <= 0 ? this : other;
    }

    /** Whether it has been reached. */
    boolean hasPassed(long nowNanos) {
        return limited && atNanos - nowNanos <= 0;
    }

    /** What remains in nanoseconds; meaningful only if {@link #isLimited} and not passed. */
    long remainingNanos(long nowNanos) {
        return atNanos - nowNanos;
    }

    /**
     * What remains, for a socket's time limit.
     *
     * @return milliseconds, rounded up, at least 1; 0 for "no limit"
     * @throws SocketTimeoutException if nothing remains
     */
    int socketMillis(NanoClock clock) throws SocketTimeoutException {
        if (!limited) {
            return 0;
        }
        long remainingNanos = atNanos - clock.nanoTime();
        if (remainingNanos <= 0) {
            throw new SocketTimeoutException("no answer within the time limit");
        }
        long millis = (remainingNanos - 1) / NANOS_PER_MILLI + 1;
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
