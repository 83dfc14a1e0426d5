package io.github.pgconmgr.config;

import io.github.pgconmgr.log.Severity;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * conmgr.conf, loaded: parsed, validated, frozen. Immutable.
 *
 * @param port where drivers connect
 * @param listenAddresses names or addresses to listen on; "*" for all
 * @param instances by instance number, ascending, never empty
 * @param watchdogSecret shared with every watchdog; null without one
 */
public record ConmgrConfig(
        int port,
        List<String> listenAddresses,
        List<InstanceConfig> instances,
        HeartbeatConfig heartbeat,
        @Nullable SharedSecret watchdogSecret,
        Severity logMinMessages) {

    /** Copies the lists. */
    public ConmgrConfig {
        listenAddresses = List.copyOf(listenAddresses);
        instances = List.copyOf(instances);
    }
}
