package io.github.pgconmgr.config;

import java.util.Locale;
import java.util.Optional;

/**
 * The grammar of one line (C1): blank, or {@code name = value}, either with a comment behind it. A value is a word, or stands
 * in single quotes, where a doubled quote is a quote and {@code #} is a character like any other.
 *
 * <p>Confined to its caller; one object reads one line.
 */
final class LineParser {

    private final String line;
    private int at;

    private LineParser(String line) {
        this.line = line;
    }

    /**
     * Reads a line without its line end.
     *
     * @return empty if nothing is assigned
     * @throws InvalidValueException if it is neither blank nor an assignment
     */
    static Optional<Assignment> parse(String line) throws InvalidValueException {
        return new LineParser(line).parse();
    }

    private Optional<Assignment> parse() throws InvalidValueException {
        refuseControlCharacters();
        skipBlanks();
        if (atEnd()) {
            return Optional.empty();
        }
        String name = readName();
        skipBlanks();
        if (at == line.length() || line.charAt(at) != '=') {
            throw new InvalidValueException("expected \"=\" behind \"" + name + "\"" + foreignCharacter());
        }
        at++;
        skipBlanks();
        if (atEnd()) {
            throw new InvalidValueException("\"" + name + "\" has no value");
        }
        String value = line.charAt(at) == '\'' ? readQuoted() : readWord();
        skipBlanks();
        if (!atEnd()) {
            throw new InvalidValueException(
                    "unexpected text behind the value; a value with blanks or quotes stands in single quotes");
        }
        return Optional.of(new Assignment(name, value));
    }

    private void refuseControlCharacters() throws InvalidValueException {
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i)) && line.charAt(i) != '\t') {
                throw new InvalidValueException(
                        String.format(Locale.ROOT, "control character 0x%02X in the line", (int) line.charAt(i)));
            }
        }
    }

    private void skipBlanks() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
    }

    /** At the end of what counts: a comment counts for nothing. */
    private boolean atEnd() {
        return at == line.length() || line.charAt(at) == '#';
    }

    private String readName() throws InvalidValueException {
        int start = at;
        while (at < line.length() && isNameCharacter(line.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw new InvalidValueException("expected a parameter's name" + foreignCharacter());
        }
        return line.substring(start, at);
    }

    /** Full-width blanks and signs look like what they are not. */
    private String foreignCharacter() {
        return at < line.length() && line.charAt(at) > '~'
                ? String.format(Locale.ROOT, ", found the character U+%04X", line.codePointAt(at))
                : "";
    }

    private String readWord() {
        int start = at;
        while (!atEnd() && !isBlank(line.charAt(at)) && line.charAt(at) != '\'') {
            at++;
        }
        return line.substring(start, at);
    }

    private String readQuoted() throws InvalidValueException {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c != '\'') {
                value.append(c);
            } else if (at < line.length() && line.charAt(at) == '\'') {
                value.append(c);
                at++;
            } else {
                return value.toString();
            }
        }
        throw new InvalidValueException("the closing quote is missing");
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    }
}
