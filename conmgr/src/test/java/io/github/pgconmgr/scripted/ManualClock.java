package io.github.pgconmgr.scripted;

import io.github.pgconmgr.time.NanoClock;
import java.util.concurrent.TimeUnit;

/** A clock that a test moves. Confined to the test's thread. */
public final class ManualClock implements NanoClock {

    // Near the overflow, so that a comparison of absolute times fails its test.
    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5);

    @Override
    public long nanoTime() {
        return now;
    }

    public void advanceNanos(long nanos) {
        now += nanos;
    }

    public void advanceMillis(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
