package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.auth.Identity;
import io.github.pgconmgr.relay.pool.PoolKey;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client has said in its start-up packet and proven since, and by that, how its server connections begin. Immutable.
 *
 * @param startup as the client sent it
 * @param identity null if it proves itself to the server: end to end
 * @param greeting what the client is sent before the rest of its greeting: the end of its authentication; empty if end to end; not to be moved
 */
record Login(StartupPacket startup, @Nullable Identity identity, ByteBuffer greeting) {

    /** Never cached, whatever conmgr.conf says (P2). */
    private static final Set<String> UNCACHED = Set.of("template0", "template1", "postgres", "regression");

    boolean isEndToEnd() {
        return identity == null;
    }

    /** By what a cached connection is found; null if it must not be one. */
    @Nullable
    PoolKey keyFor(int instance, boolean cache) {
        if (!cache || identity == null || startup.isReplication() || UNCACHED.contains(startup.database())) {
            return null;
        }
        StartupPacket plain = startup.plain();
        return new PoolKey(instance, plain.protocol(), plain.unorderedParameters(), identity);
    }

    /** The first packet of a server connection: the client's own, or that of conmgr in its name. */
    ByteBuffer packet() {
        return isEndToEnd() ? startup.encode() : startup.plain().encode();
    }
}
