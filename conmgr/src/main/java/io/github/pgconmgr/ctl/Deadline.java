package io.github.pgconmgr.ctl;

import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;

/** A moment up to which cm_ctl waits. Immutable. */
record Deadline(NanoClock clock, long atNanos) {

    static Deadline in(Duration time, NanoClock clock) {
        return new Deadline(clock, clock.nanoTime() + time.toNanos());
    }

    boolean hasPassed() {
        return clock.nanoTime() - atNanos >= 0;
    }

    /** At least 1, so that it never means "for ever". */
    long remainingMillis() {
        return Math.max(1, (atNanos - clock.nanoTime()) / 1_000_000);
    }
}
