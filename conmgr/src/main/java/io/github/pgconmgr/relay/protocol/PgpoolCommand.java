package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pgpool-II's commands to itself within a session (P7): {@code PGPOOL SET name { TO | = } { value | 'value' | DEFAULT }},
 * {@code PGPOOL RESET { name | ALL }} and {@code PGPOOL SHOW name}. Immutable.
 *
 * @param name of the parameter, in lower case; "all" for RESET ALL; empty if it is not well-formed
 * @param value as written, quotes taken off; null for DEFAULT, and where there is none
 */
public record PgpoolCommand(
        Verb verb, String name, @Nullable String value) {

    /** What is to be done. */
    public enum Verb {
        SET,
        RESET,
        SHOW,
        /** It begins as one of them and goes on otherwise. */
        MALFORMED
    }

    /** Longer ones go to the server. */
    public static final int MAX_BYTES = 1_000;

    private static final String WORD = "pgpool";
    private static final int CASE = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
    private static final Pattern SET = Pattern.compile(
            "pgpool\\s+set\\s+(\\w+)(?:\\s+to\\s+|\\s*=\\s*)('(?:[^']|'')*'|[^\\s';]+)\\s*;?\\s*", CASE);
    private static final Pattern OTHER = Pattern.compile("pgpool\\s+(show|reset)\\s+(\\w+)\\s*;?\\s*", CASE);

    private static final PgpoolCommand WRONG = new PgpoolCommand(Verb.MALFORMED, "", null);

    /**
     * The command in a Query message; null if it is the server's, as almost always. Allocates nothing then.
     *
     * @param from index of the message's type
     * @param to behind its last byte
     */
    public static @Nullable PgpoolCommand of(ByteBuffer buffer, int from, int to) {
        int start = skipBlanks(buffer, from + MessageScanner.HEADER_BYTES, to);
        if (to - from > MAX_BYTES || !begins(buffer, start, to)) {
            return null;
        }
        byte[] text = new byte[to - 1 - start];
        buffer.get(start, text);
        return parse(new String(text, StandardCharsets.UTF_8));
    }

    private static int skipBlanks(ByteBuffer buffer, int from, int to) {
        int at = from;
        while (at < to && isBlank(buffer.get(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }

    /** The word, and a blank behind it: a column or a function may begin with the same letters. */
    private static boolean begins(ByteBuffer buffer, int start, int to) {
        if (to - start <= WORD.length() + 1) {
            return false;
        }
        for (int i = 0; i < WORD.length(); i++) {
            if ((buffer.get(start + i) | 0x20) != WORD.charAt(i)) {
                return false;
            }
        }
        return isBlank(buffer.get(start + WORD.length()));
    }

    private static PgpoolCommand parse(String text) {
        Matcher set = SET.matcher(text);
        if (set.matches()) {
            return new PgpoolCommand(Verb.SET, lower(set.group(1)), value(set.group(2)));
        }
        Matcher other = OTHER.matcher(text);
        if (other.matches()) {
            Verb verb = lower(other.group(1)).equals("show") ? Verb.SHOW : Verb.RESET;
            return new PgpoolCommand(verb, lower(other.group(2)), null);
        }
        return WRONG;
    }

    private static @Nullable String value(String written) {
        if (written.startsWith("'")) {
            return written.substring(1, written.length() - 1).replace("''", "'");
        }
        return lower(written).equals("default") ? null : written;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
