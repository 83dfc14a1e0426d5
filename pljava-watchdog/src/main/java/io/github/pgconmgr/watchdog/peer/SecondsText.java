package io.github.pgconmgr.watchdog.peer;

import java.util.Locale;

/** Times as people read them in log lines. Stateless. */
final class SecondsText {

    private SecondsText() {}

    /** For example {@code 20.0 s}. */
    static String of(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
