package io.github.pgconmgr.testkit;

import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for a condition, with a limit, instead of sleeping and hoping. Immutable: no state. */
public final class Await {

    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private Await() {}

    /**
     * Blocks until the condition holds.
     *
     * @param what what is awaited; the words of the error
     * @throws AssertionError when the limit passes first, with the condition's last exception as its cause if there was one
     */
    public static void until(String what, Duration limit, Callable<Boolean> condition) {
        value(what, limit, () -> condition.call() ? Boolean.TRUE : null);
    }

    /** Blocks until the source gives something other than null, and returns that; errors as in {@link #until}. */
    public static <T> T value(String what, Duration limit, Callable<@Nullable T> source) {
        long deadline = NanoClock.SYSTEM.nanoTime() + limit.toNanos();
        Exception last = null;
        while (true) {
            boolean lastTry = NanoClock.SYSTEM.nanoTime() - deadline >= 0;
            try {
                T value = source.call();
                if (value != null) {
                    return value;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            if (lastTry) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what, last);
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for: " + what, last);
            }
        }
    }
}
