package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.pgconmgr.time.NanoClock;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, with a limit. */
final class Await {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private Await() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long start = NanoClock.SYSTEM.nanoTime();
        while (!condition.call()) {
            if (NanoClock.SYSTEM.nanoTime() - start > LIMIT_NANOS) {
                fail("waited in vain for: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
