package io.github.pgconmgr.scripted;

import io.github.pgconmgr.time.NanoClock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a limit. Stateless. */
public final class Await {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Await() {}

    /** Fails the test if the condition does not hold within 20 s. */
    public static void until(String what, BooleanSupplier condition) {
        long start = NanoClock.SYSTEM.nanoTime();
        while (!condition.getAsBoolean()) {
            if (NanoClock.SYSTEM.nanoTime() - start > LIMIT_NANOS) {
                throw new AssertionError("not within 20 s: " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
