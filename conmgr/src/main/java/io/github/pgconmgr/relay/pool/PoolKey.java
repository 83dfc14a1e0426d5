package io.github.pgconmgr.relay.pool;

import java.util.Map;

/**
 * What must be equal for a cached server connection to be handed to another client (P1). Immutable.
 *
 * @param instance its number
 * @param parameters of the start-up packet, user and database among them; their order does not matter
 * @param identity what the client has proven; equal only if it is the same
 */
public record PoolKey(int instance, int protocol, Map<String, String> parameters, Object identity) {

    /** Copies the map. */
    public PoolKey {
        parameters = Map.copyOf(parameters);
    }
}
