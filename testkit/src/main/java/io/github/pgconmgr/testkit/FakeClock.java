package io.github.pgconmgr.testkit;

import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is told to move. It starts five seconds before the count wraps around, so a test that
 * advances it further finds a comparison written {@code a < b} instead of {@code a - b < 0}.
 *
 * <p>Shared: one atomic counter.
 */
public final class FakeClock implements NanoClock {

    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    private final AtomicLong nanos = new AtomicLong(START);

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    /** Moves the clock forward and returns the new time. */
    public long advance(Duration step) {
        return advanceNanos(step.toNanos());
    }

    /** Moves the clock forward by that many nanoseconds (not negative) and returns the new time. */
    public long advanceNanos(long stepNanos) {
        if (stepNanos < 0) {
            throw new IllegalArgumentException("a monotonic clock does not go back: " + stepNanos);
        }
        return nanos.addAndGet(stepNanos);
    }
}
