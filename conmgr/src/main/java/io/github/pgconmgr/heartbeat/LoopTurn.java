package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.StallMeter;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One pass of the heartbeat loop: reads the clock once, reports a stall before anything else, keeps one timer, and judges only
 * after an I/O phase (ADR 4, "read before judging").
 *
 * <p>Confined to the loop of {@code executor}. Relies on Netty running tasks after the I/O phase, and a task that is scheduled
 * from a task not before the next I/O phase.
 */
final class LoopTurn {

    /** What happens on a turn. Called on the loop. */
    interface Listener {

        /** The loop woke late; more input may have come than has been read. */
        void onStall(long nowNanos, long stallNanos);

        /** All input has been read: judge. */
        void onTick(long nowNanos);

        /** When to tick next at the latest. */
        long nextDeadlineNanos();
    }

    private final EventExecutor executor;
    private final NanoClock clock;
    private final StallMeter stallMeter;
    private final Listener listener;

    private long nowNanos;
    private boolean open;
    private boolean stopped;
    private boolean readFirst;
    private long armedDeadlineNanos;
    private long plannedNanos;
    private @Nullable ScheduledFuture<?> timer;

    LoopTurn(EventExecutor executor, NanoClock clock, long stallThresholdNanos, Listener listener) {
        this.executor = executor;
        this.clock = clock;
        this.stallMeter = new StallMeter(stallThresholdNanos);
        this.listener = listener;
    }

    /** The time of this turn. Call first in whatever runs on the loop; the timer is set again at the end of the turn. */
    long begin() {
        if (!open && !stopped) {
            open = true;
            nowNanos = clock.nanoTime();
            executor.execute(this::end);
            reportStall();
        }
        return nowNanos;
    }

    /** Lateness up to this is ordinary from now on. On the loop. */
    void setStallThreshold(long nanos) {
        stallMeter.setThreshold(nanos);
    }

    /** No more ticks. */
    void stop() {
        stopped = true;
        cancelTimer();
    }

    private void reportStall() {
        if (timer == null) {
            return;
        }
        long stallNanos = stallMeter.onWake(nowNanos, plannedNanos);
        if (stallNanos > 0) {
            plannedNanos = nowNanos;
            readFirst = true;
            listener.onStall(nowNanos, stallNanos);
        }
    }

    private void onTimer() {
        begin();
        timer = null;
        if (readFirst) {
            readFirst = false;
        } else if (!stopped) {
            listener.onTick(nowNanos);
        }
    }

    private void end() {
        open = false;
        if (stopped) {
            return;
        }
        long deadlineNanos = listener.nextDeadlineNanos();
        if (timer != null && deadlineNanos == armedDeadlineNanos) {
            return;
        }
        cancelTimer();
        armedDeadlineNanos = deadlineNanos;
        long delayNanos = Math.max(1, deadlineNanos - nowNanos);
        // Not the deadline itself: one that has passed already would count as a second stall.
        plannedNanos = nowNanos + delayNanos;
        timer = executor.schedule(this::onTimer, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
