package io.github.pgconmgr.config;

/**
 * Which instances get connections, and how long one is waited for. Immutable.
 *
 * @param fenceSessions whether the sessions of a stale primary are told (ADR 8)
 * @param routeWaitMillis how long a stage 1 is held for which no instance fits; 0 is not at all
 * @param maxStandbyLag how far behind a standby may be
 */
public record RoutingConfig(boolean fenceSessions, int routeWaitMillis, LagLimit maxStandbyLag) {

    /** No standby is too far behind. */
    public static final LagLimit NO_LAG_LIMIT = LagLimit.OFF;

    /** As without any parameter. */
    public static final RoutingConfig DEFAULT = new RoutingConfig(false, 0, NO_LAG_LIMIT);
}
