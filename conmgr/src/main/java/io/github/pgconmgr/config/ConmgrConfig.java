package io.github.pgconmgr.config;

import io.github.pgconmgr.log.Severity;
import java.util.List;

/**
 * conmgr.conf, loaded: parsed, validated, frozen. Immutable.
 *
 * @param port where drivers connect
 * @param listenAddresses names or addresses to listen on; "*" for all
 * @param instances by instance number, ascending, never empty
 */
public record ConmgrConfig(
        int port,
        List<String> listenAddresses,
        List<InstanceConfig> instances,
        HeartbeatConfig heartbeat,
        Severity logMinMessages) {

    /** Copies the lists. */
    public ConmgrConfig {
        listenAddresses = List.copyOf(listenAddresses);
        instances = List.copyOf(instances);
    }
}
