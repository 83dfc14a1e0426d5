package io.github.pgconmgr.scripted;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.config.RelayConfig;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.LogSettings;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configuration, changed parameter by parameter: on loopback, any port, the default of all else. Confined to the test's thread. */
public final class ConmgrSample {

    private int port;
    private int maxConnections;
    private List<InstanceConfig> instances = List.of(Samples.instance(0));
    private HeartbeatConfig heartbeat = Samples.heartbeat(1_000, 3_000);
    private @Nullable SharedSecret secret;

    public ConmgrSample port(int value) {
        port = value;
        return this;
    }

    public ConmgrSample maxConnections(int value) {
        maxConnections = value;
        return this;
    }

    public ConmgrSample instances(List<InstanceConfig> value) {
        instances = value;
        return this;
    }

    public ConmgrSample heartbeat(HeartbeatConfig value) {
        heartbeat = value;
        return this;
    }

    public ConmgrSample secret(SharedSecret value) {
        secret = value;
        return this;
    }

    public ConmgrConfig build() {
        return new ConmgrConfig(
                port,
                List.of("127.0.0.1"),
                maxConnections,
                instances,
                heartbeat,
                RoutingConfig.DEFAULT,
                RelayConfig.DEFAULT,
                secret,
                LogSettings.initial());
    }
}
