package io.github.pgconmgr.config;

import io.github.pgconmgr.log.LogSettings;
import io.github.pgconmgr.log.SyslogSettings;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Settings without problems to the immutable record; units are converted here and nowhere else. Confined to one load. */
final class ConfigFreezer {

    private final String file;
    private final Settings settings;
    private final List<Problem> warnings = new ArrayList<>();

    ConfigFreezer(String file, Settings settings) {
        this.file = file;
        this.settings = settings;
    }

    ConmgrConfig freeze(List<InstanceConfig> instances, @Nullable SharedSecret secret, RelayConfig relay) {
        warnAboutTimeout();
        warnAboutCheckInterval(instances);
        warnAboutTwins(instances);
        return new ConmgrConfig(
                settings.get(Parameters.PORT),
                settings.get(Parameters.LISTEN_ADDRESSES),
                settings.get(Parameters.MAX_CONNECTIONS),
                instances,
                heartbeat(),
                routing(),
                relay,
                secret,
                log());
    }

    List<Problem> warnings() {
        return warnings;
    }

    private HeartbeatConfig heartbeat() {
        return new HeartbeatConfig(
                new HeartbeatSettings(
                        settings.get(Parameters.HEARTBEAT_INTERVAL), settings.get(Parameters.HEARTBEAT_TIMEOUT)),
                TimeUnit.MILLISECONDS.toNanos(settings.get(Parameters.HEARTBEAT_CONNECT_INTERVAL)),
                TimeUnit.MILLISECONDS.toNanos(settings.get(Parameters.HEARTBEAT_CONNECT_TIMEOUT)),
                TimeUnit.MILLISECONDS.toNanos(settings.get(Parameters.CHECK_INTERVAL)));
    }

    private RoutingConfig routing() {
        return new RoutingConfig(
                settings.get(Parameters.FENCE_SESSIONS) == Switch.ON,
                settings.get(Parameters.ROUTE_WAIT),
                settings.get(Parameters.MAX_STANDBY_LAG));
    }

    private LogSettings log() {
        return new LogSettings(
                Set.copyOf(settings.get(Parameters.LOG_DESTINATION)),
                settings.get(Parameters.LOG_MIN_MESSAGES),
                new SyslogSettings(
                        settings.get(Parameters.SYSLOG_FACILITY),
                        settings.get(Parameters.SYSLOG_IDENT),
                        settings.get(Parameters.SYSLOG_FORMAT),
                        settings.get(Parameters.SYSLOG_SOCKET)));
    }

    private void warnAboutTimeout() {
        HeartbeatSettings heartbeat = heartbeat().settings();
        if (heartbeat.alwaysAbnormal()) {
            String reason = String.format(
                    Locale.ROOT,
                    "%d ms is not longer than %s, %d ms: every instance is always judged abnormal",
                    heartbeat.timeoutMillis(),
                    Parameters.HEARTBEAT_INTERVAL.name(),
                    heartbeat.intervalMillis());
            warnings.add(warning(Parameters.HEARTBEAT_TIMEOUT, Parameters.HEARTBEAT_INTERVAL, reason));
        }
    }

    private void warnAboutCheckInterval(List<InstanceConfig> instances) {
        HeartbeatConfig heartbeat = heartbeat();
        boolean checked = instances.stream().anyMatch(i -> i.check().mode().usesSql());
        if (checked && heartbeat.checksAlwaysAbnormal() && !heartbeat.settings().alwaysAbnormal()) {
            String reason = String.format(
                    Locale.ROOT,
                    "%d ms is not longer than %s, %d ms: every check by SQL is always judged abnormal",
                    heartbeat.settings().timeoutMillis(),
                    Parameters.CHECK_INTERVAL.name(),
                    TimeUnit.NANOSECONDS.toMillis(heartbeat.checkIntervalNanos()));
            warnings.add(warning(Parameters.HEARTBEAT_TIMEOUT, Parameters.CHECK_INTERVAL, reason));
        }
    }

    private Problem warning(Parameter<?> parameter, Parameter<?> other, String reason) {
        int line = Math.max(settings.lineOf(parameter, Settings.NO_NUMBER), settings.lineOf(other, Settings.NO_NUMBER));
        return new Problem(file, line, parameter.name(), reason);
    }

    /** Two numbers for one watchdog are two rows in its table; for one instance they are twice its weight in balancing. */
    private void warnAboutTwins(List<InstanceConfig> instances) {
        Map<String, Integer> seen = new HashMap<>();
        for (InstanceConfig instance : instances) {
            String address = instance.hostaddr().isEmpty() ? instance.host() : instance.hostaddr();
            boolean watched = instance.check().mode().usesWatchdog();
            String port = watched ? "watchdog port " + instance.watchdogPort() : "port " + instance.backendPort();
            Integer twin = seen.putIfAbsent(address + " " + port, instance.number());
            if (twin != null) {
                warnings.add(new Problem(
                        file,
                        settings.firstUseOf(instance.number()).line(),
                        "",
                        "instances " + twin + " and " + instance.number() + " have the same host and "
                                + (watched ? "watchdog port" : "port")));
            }
        }
    }
}
