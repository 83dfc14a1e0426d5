package io.github.pgconmgr.bench;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Brings the times that servers write into their logs onto the monotonic clock, which all processes of a machine share. A log
 * cuts its times off below the millisecond: what is measured from there is up to 1 ms too long, never too short.
 *
 * <p>Immutable.
 */
final class Moments {

    private static final int TRIES = 20;
    private static final int LOG_TIME_CHARS = 23;
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private final Instant wall;
    private final long nanos;

    private Moments(Instant wall, long nanos) {
        this.wall = wall;
        this.nanos = nanos;
    }

    /** The relation of the two clocks now. */
    static Moments now() {
        Moments best = new Moments(Instant.EPOCH, 0);
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long before = NanoClock.SYSTEM.nanoTime();
            Instant wall = WallClock.SYSTEM.now();
            long after = NanoClock.SYSTEM.nanoTime();
            if (after - before < shortest) {
                shortest = after - before;
                best = new Moments(wall, before + shortest / 2);
            }
        }
        return best;
    }

    /** That moment on the monotonic clock. */
    long nanosOfEpochMicros(long micros) {
        return nanos + ChronoUnit.NANOS.between(wall, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    /** When that line was written, on the monotonic clock. The servers of the lab write UTC. */
    long nanosOf(String logLine) {
        Instant written = LocalDateTime.parse(logLine.substring(0, LOG_TIME_CHARS), LOG_TIME)
                .toInstant(ZoneOffset.UTC);
        return nanos + ChronoUnit.NANOS.between(wall, written);
    }
}
