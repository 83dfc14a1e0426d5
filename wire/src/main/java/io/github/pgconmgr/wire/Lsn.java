package io.github.pgconmgr.wire;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A position in the write-ahead log as text, the way PostgreSQL writes a {@code pg_lsn}. Stateless. */
public final class Lsn {

    private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    private Lsn() {}

    /** Reads "16/B374D848"; unsigned 64 bits, empty if it is no such text. */
    public static OptionalLong parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long high = Long.parseLong(matcher.group(1), 16);
        return OptionalLong.of(high << 32 | Long.parseLong(matcher.group(2), 16));
    }

    /** Writes unsigned 64 bits. */
    public static String text(long lsn) {
        return String.format(Locale.ROOT, "%X/%X", lsn >>> 32, lsn & 0xFFFF_FFFFL);
    }
}
