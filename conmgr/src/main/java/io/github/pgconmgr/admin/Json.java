package io.github.pgconmgr.admin;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON text (RFC 8259), members in the order of the calls. Fifty lines instead of a library: we only write, and a
 * handful of records. Confined to its builder.
 */
final class Json {

    private final StringBuilder out = new StringBuilder();
    private boolean first = true;

    Json beginObject() {
        return open('{');
    }

    Json endObject() {
        return close('}');
    }

    Json beginArray() {
        return open('[');
    }

    Json endArray() {
        return close(']');
    }

    Json name(String name) {
        separate();
        quote(name);
        out.append(':');
        first = true;
        return this;
    }

    /** A string, or null. */
    Json text(@Nullable String value) {
        if (value == null) {
            return raw("null");
        }
        separate();
        quote(value);
        return this;
    }

    Json number(long value) {
        return raw(Long.toString(value));
    }

    Json nothing() {
        return raw("null");
    }

    /** A number with three decimals, as milliseconds from microseconds. */
    Json thousandth(long value) {
        return raw(String.format(Locale.ROOT, "%d.%03d", value / 1000, value % 1000));
    }

    private Json raw(String text) {
        separate();
        out.append(text);
        return this;
    }

    private Json open(char bracket) {
        separate();
        out.append(bracket);
        first = true;
        return this;
    }

    private Json close(char bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    /** All but printable ASCII is escaped: a terminal and a log file can take it as it is. */
    private void quote(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
