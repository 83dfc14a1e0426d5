package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;

/**
 * Heartbeat parameters (C4), converted to nanoseconds once. Immutable.
 *
 * @param settings interval and timeout, the same on every link
 * @param connectIntervalNanos wait from the end of a failed attempt to the next one
 * @param connectTimeoutNanos limit of one attempt: connect, HELLO and WELCOME
 */
public record HeartbeatConfig(HeartbeatSettings settings, long connectIntervalNanos, long connectTimeoutNanos) {}
