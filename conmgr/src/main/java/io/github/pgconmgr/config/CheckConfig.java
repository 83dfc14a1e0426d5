package io.github.pgconmgr.config;

import org.jspecify.annotations.Nullable;

/**
 * Who tells of one instance, and how it is asked. Immutable.
 *
 * @param conninfo never null where the mode uses SQL
 */
public record CheckConfig(CheckMode mode, @Nullable CheckConninfo conninfo) {

    /** As without any parameter. */
    public static final CheckConfig WATCHDOG = new CheckConfig(CheckMode.WATCHDOG, null);
}
