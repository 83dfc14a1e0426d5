package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a reload may change, and what it says of the rest. */
class SettingChangeTest {

    private static final String RUNNING = "backend_host0 = db0\n";

    /** For each reloadable parameter a value that is not its default; a new one has to be added here. */
    private static final String RELOADABLE = """
            max_connections = 5
            heartbeat_interval = 3
            heartbeat_timeout = 7
            heartbeat_connect_interval = 2
            heartbeat_connect_timeout = 9
            check_interval = 2s
            log_destination = 'stderr, syslog'
            log_min_messages = LOG
            syslog_facility = LOCAL3
            syslog_ident = x
            syslog_format = RFC5424
            syslog_socket = /run/x
            fence_sessions = on
            route_wait = 3s
            max_standby_lag = 16MB
            client_idle_limit = 30
            reset_query_list = ABORT
            stats_users = monitor
            """;

    private static LoadedConfig load(String text) throws ConfigException {
        return ConfigLoader.parse("conmgr.conf", text);
    }

    private static List<SettingChange> between(String running, String file) throws ConfigException {
        return SettingChange.between(load(running).settings(), load(file).settings());
    }

    @Test
    @Proves("C1")
    void exactlyTheReloadableParametersAreTakenOver() throws ConfigException {
        LoadedConfig running = load(RUNNING);
        LoadedConfig file = load("port = 1\nlisten_addresses = *\nbackend_host1 = db1\n" + RUNNING + RELOADABLE);
        Set<String> reloadable = new TreeSet<>();
        for (SettingChange change : SettingChange.between(running.settings(), file.settings())) {
            if (change.reloadable()) {
                reloadable.add(change.name());
            }
        }
        Set<String> table = new TreeSet<>();
        Parameters.ALL.stream().filter(Parameter::reloadable).forEach(parameter -> table.add(parameter.name()));
        assertEquals(table, reloadable);
        assertEquals(load(RUNNING + RELOADABLE).config(), running.config().reloadedFrom(file.config()));
        assertNotEquals(running.config(), running.config().reloadedFrom(file.config()));
    }

    @Test
    void spellingLinesAndCommentsAreNoChange() throws ConfigException {
        assertEquals(
                List.of(),
                between(
                        RUNNING + "heartbeat_interval = 120",
                        "# new\nheartbeat_interval = 2min\nbackend_host0 = 'db0'\nport = 027546"));
    }

    @Test
    void anInstanceThatComesOrGoesIsAChangeThatNeedsARestart() throws ConfigException {
        assertEquals(
                List.of(
                        new SettingChange("backend_host1", "", "db1", false),
                        new SettingChange("backend_port1", "", "27500", false),
                        new SettingChange("watchdog_port1", "", "27545", false),
                        new SettingChange("backend_check1", "", "watchdog", false)),
                between(RUNNING, RUNNING + "backend_host1 = db1"));
        assertEquals(
                List.of(
                        new SettingChange("backend_host1", "db1", "", false),
                        new SettingChange("backend_port1", "27500", "", false),
                        new SettingChange("watchdog_port1", "27545", "", false),
                        new SettingChange("backend_check1", "watchdog", "", false)),
                between(RUNNING + "backend_host1 = db1", RUNNING));
    }

    @Test
    void settingsComeInTheTablesOrderWithThoseOfAnInstanceTogether() throws ConfigException {
        List<String> names = load("backend_port7 = 1\nbackend_host7 = b\nbackend_host2 = a\n").settings().stream()
                .map(Setting::name)
                .toList();
        assertEquals(
                List.of(
                        "port",
                        "listen_addresses",
                        "max_connections",
                        "backend_host2",
                        "backend_hostaddr2",
                        "backend_port2",
                        "watchdog_port2",
                        "backend_check2",
                        "check_conninfo2",
                        "backend_host7"),
                names.subList(0, 10));
    }

    @Test
    void aSettingKnowsItsLineAndItsDefault() throws ConfigException {
        Setting timeout = load(RUNNING + "\nheartbeat_timeout = 1500ms\n").settings().stream()
                .filter(setting -> setting.name().equals("heartbeat_timeout"))
                .findFirst()
                .orElseThrow();
        assertEquals(new Setting("heartbeat_timeout", "1500ms", "20s", 3, true), timeout);
    }
}
