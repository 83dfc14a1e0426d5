package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.config.HeartbeatConfig;

/**
 * The attempts to connect to an instance, for the heartbeat or for checks by SQL: which one it is, how long it may take, when the
 * next one is due, and how many have failed since the last one that did not.
 *
 * <p>Confined to the loop that owns the link. All times are nanoseconds of one monotonic clock.
 */
public final class Attempts {

    /** At least so many fit into one heartbeat_timeout while the instance is suspect. */
    private static final int SUSPECT_ATTEMPTS = 10;

    private final Allowance allowance = new Allowance();
    private long number;
    private long startNanos;
    private long timeoutNanos;
    private long nextNanos;
    private int failed;
    private String lastReason = "";

    /** The next one is due at that time. */
    public void planAt(long nanos) {
        nextNanos = nanos;
    }

    /** A connection that stood was lost: at once, but for one that breaks each time it stands, which must not make us spin. */
    public void planAfterLoss(long nowNanos, HeartbeatConfig config, boolean suspect) {
        planAt((suspect ? startNanos : nowNanos) + pauseNanos(config, suspect));
    }

    /** The latest one failed. */
    public void planAfterFailure(long nowNanos, HeartbeatConfig config, boolean suspect) {
        planAt(nowNanos + pauseNanos(config, suspect));
    }

    /** A suspect's sessions hang on the next connection: a short timeout makes the wait shorter (ADR 1, choice 10). */
    private static long pauseNanos(HeartbeatConfig config, boolean suspect) {
        return suspect
                ? Math.min(config.connectIntervalNanos(), config.settings().timeoutNanos() / SUSPECT_ATTEMPTS)
                : config.connectIntervalNanos();
    }

    /** Whether the next one is. */
    public boolean isDue(long nowNanos) {
        return nowNanos - nextNanos >= 0;
    }

    /** When the next one is due. */
    public long nextNanos() {
        return nextNanos;
    }

    /** Begins one that may take {@code limitNanos}, and gives its number. */
    public long begin(long nowNanos, long limitNanos) {
        startNanos = nowNanos;
        timeoutNanos = limitNanos;
        allowance.reset();
        return ++number;
    }

    /** Whether that is the number of the latest one. */
    public boolean isLatest(long asked) {
        return asked == number;
    }

    /** Our own loop was late: what of it lies in the attempt does not count, up to {@code mostNanos} in all. */
    public void onStall(long nowNanos, long stallNanos, long mostNanos) {
        allowance.add(Math.max(0, Math.min(stallNanos, nowNanos - startNanos)), mostNanos);
    }

    /** The first moment at which it has taken too long. */
    public long deadlineNanos() {
        return startNanos + timeoutNanos + allowance.nanos() + 1;
    }

    /** Whether it has taken too long. */
    public boolean isTooLate(long nowNanos) {
        return nowNanos - deadlineNanos() >= 0;
    }

    /** How long it may take, our own stalls left out. */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** It came to nothing. */
    public void onFailed() {
        failed++;
    }

    /** Whether the reason is another one than the last time: each is logged once. */
    public boolean isNew(String reason) {
        boolean isNew = !reason.equals(lastReason);
        lastReason = reason;
        return isNew;
    }

    /** It came to a connection that works. */
    public void onSucceeded() {
        failed = 0;
        lastReason = "";
    }

    /** How many have failed since one did not. */
    public int failed() {
        return failed;
    }
}
