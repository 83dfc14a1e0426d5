package io.github.pgconmgr.log;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lines that wait for a destination, at most {@link #MAX_LINES}. What comes while it is full is lost, and a line in its place says
 * how many there were: the first lines of a trouble tell more than the last.
 *
 * <p>Shared: guarded by its monitor. Any thread adds; the destination's one owner takes. A line that was taken stays the first one
 * until it is {@link #done}, so that it can be taken again by a new attempt.
 */
final class Backlog {

    /** A second's worth of a busy conmgr at level DEBUG; a megabyte at most, with lines of usual length. */
    static final int MAX_LINES = 2000;

    private final WallClock wallClock;
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private long lost;

    Backlog(WallClock wallClock) {
        this.wallClock = wallClock;
    }

    synchronized void add(LogLine line) {
        if (lines.size() >= MAX_LINES) {
            lost++;
            return;
        }
        reportLoss();
        lines.add(line);
        notifyAll();
    }

    /** The first line, which stays where it is; null if there is none. */
    synchronized @Nullable LogLine first() {
        if (lines.isEmpty()) {
            reportLoss();
        }
        return lines.peek();
    }

    /** The same, once there is a line. */
    synchronized LogLine awaitFirst() throws InterruptedException {
        LogLine first = first();
        while (first == null) {
            wait();
            first = first();
        }
        return first;
    }

    /** The first line is written. */
    synchronized void done() {
        lines.remove();
        notifyAll();
    }

    synchronized boolean isEmpty() {
        return lines.isEmpty() && lost == 0;
    }

    /** Waits until everything is written; at most that long. */
    synchronized void awaitEmpty(long limitMillis, NanoClock clock) throws InterruptedException {
        long limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
        long start = clock.nanoTime();
        long passed = 0;
        while (!isEmpty() && passed < limitNanos) {
            TimeUnit.NANOSECONDS.timedWait(this, limitNanos - passed);
            passed = clock.nanoTime() - start;
        }
    }

    private void reportLoss() {
        if (lost > 0) {
            lines.add(LogLine.of(wallClock.now(), Message.LOG_LINES_LOST, "log", lost));
            lost = 0;
        }
    }
}
