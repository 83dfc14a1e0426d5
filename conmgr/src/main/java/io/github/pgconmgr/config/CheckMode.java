package io.github.pgconmgr.config;

import java.util.Locale;

/** Who tells conmgr of an instance: {@code backend_check*}. */
public enum CheckMode {
    /** Its watchdog. */
    WATCHDOG,
    /** The instance itself, asked by SQL. */
    SQL,
    /** Its watchdog, and SQL confirms what that says. */
    BOTH;

    /** Whether there is a heartbeat with the instance's watchdog. */
    public boolean usesWatchdog() {
        return this != SQL;
    }

    /** Whether there is a connection for checks by SQL. */
    public boolean usesSql() {
        return this != WATCHDOG;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
