package io.github.pgconmgr.time;

/**
 * Tells our own stall from a peer's silence: a loop that woke later than it planned did not listen in between, so what it
 * missed proves nothing (death.md, "Words"; ADR 1).
 *
 * <p>Confined to the loop that it measures.
 */
public final class StallMeter {

    private long thresholdNanos;
    private long longestNanos;

    /**
     * @param thresholdNanos lateness up to this is the scheduler's ordinary jitter and not counted
     */
    public StallMeter(long thresholdNanos) {
        this.thresholdNanos = thresholdNanos;
    }

    /** Another threshold from now on: what is ordinary jitter depends on the interval, which may change. */
    public void setThreshold(long nanos) {
        thresholdNanos = nanos;
    }

    /**
     * Call on each turn of the loop, before anything is judged.
     *
     * @param nowNanos the time of this turn
     * @param plannedNanos when the loop wanted to wake at the latest
     * @return the length of the stall in nanoseconds, the whole lateness; 0 if there was none
     */
    public long onWake(long nowNanos, long plannedNanos) {
        long lateNanos = nowNanos - plannedNanos;
        if (lateNanos <= thresholdNanos) {
            return 0;
        }
        longestNanos = Math.max(longestNanos, lateNanos);
        return lateNanos;
    }

    /** The longest stall since the last call, in nanoseconds; it goes out with the next BEAT. */
    public long takeLongestNanos() {
        long taken = longestNanos;
        longestNanos = 0;
        return taken;
    }
}
