package io.github.pgconmgr.config;

/**
 * Which instances get connections, and how long one is waited for. Immutable.
 *
 * @param fenceSessions whether the sessions of a stale primary are told (ADR 8)
 */
public record RoutingConfig(boolean fenceSessions) {

    /** As without any parameter. */
    public static final RoutingConfig DEFAULT = new RoutingConfig(false);
}
