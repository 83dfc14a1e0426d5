package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.HeartbeatConfig;
import java.util.concurrent.TimeUnit;

/**
 * How long the steps of a connection may take. The core ends a step when its own deadline is over; these hold if it does not.
 * Immutable.
 *
 * @param connectTimeoutMillis one TCP connect
 * @param statementTimeoutMillis one answer, by the server's own clock
 */
record CheckLimits(int connectTimeoutMillis, int statementTimeoutMillis) {

    static CheckLimits of(HeartbeatConfig config, long connectTimeoutNanos) {
        return new CheckLimits(
                (int) TimeUnit.NANOSECONDS.toMillis(connectTimeoutNanos),
                config.settings().timeoutMillis());
    }

    /** One read: whole seconds, rounded up; a day at most, as pgjdbc counts in milliseconds. */
    int socketTimeoutSeconds() {
        long seconds = TimeUnit.MILLISECONDS.toSeconds(Math.max(connectTimeoutMillis, statementTimeoutMillis)) + 1;
        return (int) Math.min(seconds, TimeUnit.DAYS.toSeconds(1));
    }
}
