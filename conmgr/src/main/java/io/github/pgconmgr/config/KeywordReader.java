package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.List;

/**
 * libpq's grammar of a connection string: {@code keyword = value} pairs, blanks around {@code =} or not; a value with blanks, or an
 * empty one, stands in single quotes; a backslash makes the character behind it an ordinary one.
 *
 * <p>Confined to its caller; one object reads one string.
 */
final class KeywordReader {

    /** A pair as written, unquoted. Immutable. */
    record Pair(String keyword, String value) {}

    private final String text;
    private int at;

    private KeywordReader(String text) {
        this.text = text;
    }

    /**
     * All pairs, in order.
     *
     * @throws InvalidValueException with a reason that repeats no value
     */
    static List<Pair> read(String text) throws InvalidValueException {
        if (text.startsWith("postgres://") || text.startsWith("postgresql://")) {
            throw new InvalidValueException("a URI is not taken here; write keyword=value");
        }
        KeywordReader reader = new KeywordReader(text);
        List<Pair> pairs = new ArrayList<>();
        reader.skipBlanks();
        while (!reader.atEnd()) {
            pairs.add(reader.readPair());
            reader.skipBlanks();
        }
        return pairs;
    }

    /** A value as {@link #read} takes it. */
    static String quoted(String value) {
        boolean plain =
                !value.isEmpty() && value.chars().noneMatch(c -> c == '\'' || c == '\\' || Character.isWhitespace(c));
        return plain ? value : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private Pair readPair() throws InvalidValueException {
        int start = at;
        while (!atEnd() && text.charAt(at) != '=' && !isBlank()) {
            at++;
        }
        String keyword = text.substring(start, at);
        skipBlanks();
        if (atEnd() || text.charAt(at) != '=' || keyword.isEmpty()) {
            // The word itself may be a part of a password with a blank in it.
            throw new InvalidValueException("expected keyword=value, with quotes around a value that has blanks");
        }
        at++;
        skipBlanks();
        return new Pair(keyword, !atEnd() && text.charAt(at) == '\'' ? readQuoted() : readWord());
    }

    private String readWord() throws InvalidValueException {
        StringBuilder value = new StringBuilder();
        while (!atEnd() && !isBlank()) {
            value.append(readCharacter());
        }
        return value.toString();
    }

    private String readQuoted() throws InvalidValueException {
        StringBuilder value = new StringBuilder();
        at++;
        while (!atEnd() && text.charAt(at) != '\'') {
            value.append(readCharacter());
        }
        if (atEnd()) {
            throw new InvalidValueException("the closing quote of a value is missing");
        }
        at++;
        return value.toString();
    }

    private char readCharacter() throws InvalidValueException {
        if (text.charAt(at) == '\\') {
            at++;
            if (atEnd()) {
                throw new InvalidValueException("nothing stands behind the last backslash");
            }
        }
        return text.charAt(at++);
    }

    private void skipBlanks() {
        while (!atEnd() && isBlank()) {
            at++;
        }
    }

    private boolean isBlank() {
        return text.charAt(at) == ' ' || text.charAt(at) == '\t';
    }

    private boolean atEnd() {
        return at == text.length();
    }
}
