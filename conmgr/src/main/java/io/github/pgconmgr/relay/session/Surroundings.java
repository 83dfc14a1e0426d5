package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.Setting;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.RandomBytes;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.time.WallClock;
import io.github.pgconmgr.topology.TopologySnapshot;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the core is given to work with. Immutable; what it names is confined to the relay's loop, but for log and snapshots.
 *
 * @param snapshots the newest picture of the instances
 * @param offersTls whether a client that asks for TLS gets it
 */
public record Surroundings(
        Network network,
        Log log,
        Supplier<TopologySnapshot> snapshots,
        Authenticator authenticator,
        RandomBytes random,
        boolean offersTls,
        Doors doors,
        About about) {

    /**
     * What only pictures need. Immutable.
     *
     * @param version conmgr's
     * @param settings conmgr.conf's
     */
    public record About(String version, WallClock clock, Supplier<List<Setting>> settings) {}
}
