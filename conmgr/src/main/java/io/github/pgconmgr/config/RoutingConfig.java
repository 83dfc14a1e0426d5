package io.github.pgconmgr.config;

/**
 * Which instances get connections, and how long one is waited for. Immutable.
 *
 * @param fenceSessions whether the sessions of a stale primary are told (ADR 8)
 * @param routeWaitMillis how long a stage 1 is held for which no instance fits; 0 is not at all
 * @param maxStandbyLagBytes how far behind a standby may be; {@link #NO_LAG_LIMIT} is any distance
 */
public record RoutingConfig(boolean fenceSessions, int routeWaitMillis, long maxStandbyLagBytes) {

    /** No standby is too far behind. */
    public static final long NO_LAG_LIMIT = SizeType.OFF;

    /** As without any parameter. */
    public static final RoutingConfig DEFAULT = new RoutingConfig(false, 0, NO_LAG_LIMIT);
}
