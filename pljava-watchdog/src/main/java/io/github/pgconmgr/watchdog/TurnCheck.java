package io.github.pgconmgr.watchdog;

import java.util.concurrent.TimeUnit;

/**
 * Whether the I/O thread still takes its turns, of which there is at least one a second; looked at in each tick. A thread that
 * is stuck would leave the conmgrs without heartbeats for ever (ADR 3).
 *
 * <p>Confined to the thread that ticks.
 */
final class TurnCheck {

    /** As long as C waits for a tick. */
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The most that one gap between ticks counts: while all of this process stood still, so did the I/O thread. */
    static final long LONGEST_GAP_NANOS = TimeUnit.SECONDS.toNanos(4);

    private long lastTurns = -1;
    private long lastTickNanos;
    private long withoutTurnNanos;

    /**
     * A tick; true if the I/O thread has taken no turn for {@link #LIMIT_NANOS}.
     *
     * @param turns how many it has taken so far
     */
    boolean isStuck(long nowNanos, long turns) {
        if (turns == lastTurns) {
            withoutTurnNanos += Math.min(nowNanos - lastTickNanos, LONGEST_GAP_NANOS);
        } else {
            withoutTurnNanos = 0;
        }
        lastTurns = turns;
        lastTickNanos = nowNanos;
        return withoutTurnNanos >= LIMIT_NANOS;
    }
}
