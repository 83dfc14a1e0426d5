package io.github.pgconmgr.log;

import java.time.Instant;

/**
 * One line on its way to a destination, its text already safe to print. Immutable.
 *
 * @param label what stands before the text: the severity's name, or HINT
 * @param id the message's name in the catalogue
 * @param text who speaks and what, without line ends, at most {@link Printable#MAX_LENGTH} characters
 */
record LogLine(Instant time, Severity severity, String label, String id, String text) {

    static LogLine of(Instant time, Message message, String component, Object... arguments) {
        return of(time, message, message.severity().name(), component, message.format(arguments));
    }

    static LogLine of(Instant time, Message message, String label, String component, String text) {
        String whole = Printable.of(component) + ": " + Printable.of(text);
        return new LogLine(time, message.severity(), label, message.name(), Printable.shortened(whole));
    }

    /** As PostgreSQL writes it: level, colon, two blanks, text. */
    String labelled() {
        return label + ":  " + text;
    }
}
