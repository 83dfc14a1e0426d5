package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.heartbeat.InstanceState;

/**
 * What the peer table knows from its start. Immutable.
 *
 * @param maxPeers {@code watchdog.max_heartbeat_connections}: most rows, connected or not (S6)
 * @param systemIdentifier of the database cluster
 * @param postmasterStartMicros since 1970 UTC
 * @param softwareVersion for WELCOME
 */
public record PeerTableConfig(
        int maxPeers,
        long systemIdentifier,
        long postmasterStartMicros,
        InstanceState initialState,
        String softwareVersion) {}
