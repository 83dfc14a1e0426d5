package io.github.pgconmgr.config;

import java.util.OptionalLong;
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

    /** What a client_idle_limit means that a session sets for itself; empty if it is none. */
    public static OptionalLong clientIdleNanos(String text) {
        try {
            return OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(
                    RelayParameters.CLIENT_IDLE_LIMIT.type().parse(text)));
        } catch (InvalidValueException e) {
            return OptionalLong.empty();
        }
    }

    /** One as conmgr.conf would have it. */
    public static String clientIdleText(long nanos) {
        return RelayParameters.CLIENT_IDLE_LIMIT.type().format((int) TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    /** See {@link ConmgrConfig#reloadedFrom}. */
    PoolTimes reloadedFrom(PoolTimes file) {
        return new PoolTimes(
                childLifeNanos, file.clientIdleNanos, connectionLifeNanos, serverIdleNanos, clientLoginNanos);
    }
}
