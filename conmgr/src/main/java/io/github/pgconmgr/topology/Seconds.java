package io.github.pgconmgr.topology;

import java.util.Locale;

/** Durations as people read them in logs and refusals. Stateless. */
public final class Seconds {

    private Seconds() {}

    /** "20.0 s". */
    public static String text(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
