package io.github.pgconmgr.log;

import java.util.Locale;

/** Where log lines go ({@code log_destination}, C5). */
public enum LogDestination {
    STDERR,
    SYSLOG;

    /** The document's word. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
