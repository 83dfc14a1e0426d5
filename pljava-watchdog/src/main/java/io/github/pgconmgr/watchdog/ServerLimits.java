package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.wire.heartbeat.HeartbeatProtocol;
import java.util.concurrent.TimeUnit;

/**
 * The limits of the heartbeat port (docs/protocol.md, section 1). Immutable.
 *
 * @param helloLimitNanos the complete HELLO must have come this long after the accept
 * @param maxWaiting connections that may wait for their HELLO; one more ends the one that has waited longest
 * @param maxUnsentBytes a connection with more than this unsent is closed
 * @param bindRetryNanos between two attempts to bind the port, and after an accept that failed
 */
record ServerLimits(long helloLimitNanos, int maxWaiting, int maxUnsentBytes, long bindRetryNanos) {

    static final ServerLimits PRODUCT = new ServerLimits(
            TimeUnit.MILLISECONDS.toNanos(HeartbeatProtocol.HELLO_LIMIT_MILLIS),
            HeartbeatProtocol.MAX_WAITING_FOR_HELLO,
            HeartbeatProtocol.MAX_UNSENT_BYTES,
            TimeUnit.SECONDS.toNanos(1));
}
