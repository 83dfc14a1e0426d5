package io.github.pgconmgr.config;

import java.util.concurrent.TimeUnit;

/**
 * The pool's times (P6, P7, P9 and ours), in nanoseconds; 0 is no limit, but for {@code clientLoginNanos}, which is always one.
 * Immutable.
 *
 * @param childLifeNanos child_life_time
 * @param clientIdleNanos client_idle_limit
 * @param connectionLifeNanos connection_life_time
 * @param serverIdleNanos server_idle_timeout
 * @param clientLoginNanos client_login_timeout
 */
public record PoolTimes(
        long childLifeNanos,
        long clientIdleNanos,
        long connectionLifeNanos,
        long serverIdleNanos,
        long clientLoginNanos) {

    /** As without any parameter. */
    public static final PoolTimes DEFAULT = new PoolTimes(
            TimeUnit.SECONDS.toNanos(300), 0, 0, TimeUnit.SECONDS.toNanos(60), TimeUnit.SECONDS.toNanos(60));

    /** See {@link ConmgrConfig#reloadedFrom}. */
    PoolTimes reloadedFrom(PoolTimes file) {
        return new PoolTimes(
                childLifeNanos, file.clientIdleNanos, connectionLifeNanos, serverIdleNanos, clientLoginNanos);
    }
}
