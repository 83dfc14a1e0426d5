package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.Setting;
import io.github.pgconmgr.time.WallClock;
import java.util.List;
import java.util.Set;

/**
 * What the virtual database needs to know. Immutable.
 *
 * @param version conmgr's
 * @param users {@code stats_users}: nobody else may use it
 * @param settings conmgr.conf, to be shown
 */
public record ConsoleConfig(String version, Set<String> users, List<Setting> settings, WallClock wallClock) {

    static final ConsoleConfig NONE = new ConsoleConfig("", Set.of(), List.of(), WallClock.SYSTEM);

    /** Copies set and list. */
    public ConsoleConfig {
        users = Set.copyOf(users);
        settings = List.copyOf(settings);
    }
}
