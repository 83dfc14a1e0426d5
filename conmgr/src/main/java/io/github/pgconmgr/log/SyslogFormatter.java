package io.github.pgconmgr.log;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line to the datagrams that a syslog daemon reads. A text over {@link #MAX_TEXT_BYTES} is split, as PostgreSQL does: each piece
 * is a message of its own and says which one it is. Immutable.
 *
 * @param host of this machine, for RFC 5424 only; the daemon knows it otherwise
 */
record SyslogFormatter(SyslogSettings settings, String host, long pid, ZoneId zone) {

    /** Daemons may cut a message at 1 KiB, header included (RFC 3164, section 4.1). */
    static final int MAX_TEXT_BYTES = 900;

    private static final DateTimeFormatter RFC3164_TIME =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter RFC5424_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT);

    /** At least one, none longer than the header and {@link #MAX_TEXT_BYTES}. */
    List<byte[]> datagrams(LogLine line) {
        String header = header(line);
        List<String> pieces = split(line.text());
        List<byte[]> datagrams = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            String part = pieces.size() == 1 ? "" : "[" + (i + 1) + "/" + pieces.size() + "] ";
            String whole = header + line.label() + ":  " + part + pieces.get(i);
            datagrams.add(whole.getBytes(StandardCharsets.UTF_8));
        }
        return datagrams;
    }

    private String header(LogLine line) {
        int priority = settings.facility().code() * 8 + line.severity().syslogCode();
        return "<" + priority + ">"
                + switch (settings.format()) {
                    case RFC3164 ->
                        RFC3164_TIME.format(line.time().atZone(zone)) + " " + settings.ident() + "[" + pid + "]: ";
                    case RFC5424 ->
                        "1 " + RFC5424_TIME.format(line.time().atZone(zone)) + " " + host + " " + settings.ident() + " "
                                + pid + " " + line.id() + " - ";
                };
    }

    /** Never between the bytes of one character. */
    private static List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        int bytes = 0;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            int size = utf8Size(character);
            if (bytes + size > MAX_TEXT_BYTES) {
                pieces.add(text.substring(start, at));
                start = at;
                bytes = 0;
            }
            bytes += size;
            at += Character.charCount(character);
        }
        pieces.add(text.substring(start));
        return pieces;
    }

    private static int utf8Size(int character) {
        if (character < 0x80) {
            return 1;
        } else if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }
}
