package io.github.pgconmgr.relay.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Moments as texts, in UTC. Stateless. */
final class Moment {

    private static final DateTimeFormatter PLAIN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Moment() {}

    /** As PgBouncer writes it; null stays null. */
    static @Nullable String withZone(@Nullable Instant moment) {
        return moment == null ? null : PLAIN.format(moment) + " UTC";
    }

    /** As Pgpool-II writes it; empty for null. */
    static String plain(@Nullable Instant moment) {
        return moment == null ? "" : PLAIN.format(moment);
    }
}
