package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;

/**
 * Heartbeat parameters (C4), converted to nanoseconds once. Immutable.
 *
 * @param settings interval and timeout, the same on every link
 * @param connectIntervalNanos wait from the end of a failed attempt to the next one
 * @param connectTimeoutNanos limit of one attempt: connect, HELLO and WELCOME, or connect and the first answer to SQL
 * @param checkIntervalNanos time between two checks by SQL
 */
public record HeartbeatConfig(
        HeartbeatSettings settings, long connectIntervalNanos, long connectTimeoutNanos, long checkIntervalNanos) {

    private static final long DEFAULT_CHECK_INTERVAL_NANOS = 1_000_000_000;

    /** With the default {@code check_interval}. */
    public HeartbeatConfig(HeartbeatSettings settings, long connectIntervalNanos, long connectTimeoutNanos) {
        this(settings, connectIntervalNanos, connectTimeoutNanos, DEFAULT_CHECK_INTERVAL_NANOS);
    }

    /** Whether an instance that is checked by SQL could never be called alive (C4): it is silent between two checks. */
    public boolean checksAlwaysAbnormal() {
        return settings.alwaysAbnormal() || settings.timeoutNanos() <= checkIntervalNanos;
    }
}
