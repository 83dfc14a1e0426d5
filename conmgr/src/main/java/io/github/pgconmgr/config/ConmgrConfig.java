package io.github.pgconmgr.config;

import io.github.pgconmgr.log.LogSettings;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * conmgr.conf, loaded: parsed, validated, frozen. Immutable.
 *
 * @param port where drivers connect
 * @param listenAddresses names or addresses to listen on; "*" for all
 * @param maxConnections most connections of applications at one time; 0 for no limit
 * @param instances by instance number, ascending, never empty
 * @param watchdogSecret shared with every watchdog; null without one
 */
public record ConmgrConfig(
        int port,
        List<String> listenAddresses,
        int maxConnections,
        List<InstanceConfig> instances,
        HeartbeatConfig heartbeat,
        RoutingConfig routing,
        RelayConfig relay,
        @Nullable SharedSecret watchdogSecret,
        LogSettings log) {

    /** Copies the lists. */
    public ConmgrConfig {
        listenAddresses = List.copyOf(listenAddresses);
        instances = List.copyOf(instances);
    }

    /** This one with what a reload may change taken from another: exactly the table's {@link Parameter#reloadable} ones. */
    public ConmgrConfig reloadedFrom(ConmgrConfig file) {
        return new ConmgrConfig(
                port,
                listenAddresses,
                file.maxConnections,
                instances,
                file.heartbeat,
                file.routing,
                relay.reloadedFrom(file.relay),
                watchdogSecret,
                file.log);
    }
}
