package io.github.pgconmgr.log;

import java.util.Set;

/**
 * The log parameters of conmgr.conf (C5). Immutable.
 *
 * @param destinations at least one
 * @param minimum messages below it are not written
 */
public record LogSettings(Set<LogDestination> destinations, Severity minimum, SyslogSettings syslog) {

    /** Copies the set. */
    public LogSettings {
        destinations = Set.copyOf(destinations);
    }

    /** Before a configuration is read: the documented defaults. */
    public static LogSettings initial() {
        return new LogSettings(Set.of(LogDestination.STDERR), Severity.WARNING, SyslogSettings.initial());
    }
}
