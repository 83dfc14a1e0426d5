package io.github.pgconmgr.relay.auth;

import org.jspecify.annotations.Nullable;

/** Goes through the text of an {@code auth_file}, line by line. Confined. */
final class UserListParser {

    static final int MAX_NAME = 127;

    /** A user, or what is wrong; never both. */
    record Line(
            int number,
            String user,
            String password,
            @Nullable String problem) {

        @Override
        public String toString() {
            return "Line[" + number + "]";
        }
    }

    /** What stands between two quotes, and where the text goes on behind them. */
    private record Quoted(String value, int end) {}

    private final String text;
    private int at;
    private int number;

    UserListParser(String text) {
        this.text = text;
    }

    /** The next line that is not empty and no comment; null at the end. */
    @Nullable
    Line next() {
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            String line = text.substring(at, end < 0 ? text.length() : end);
            at = end < 0 ? text.length() : end + 1;
            number++;
            int start = skipBlanks(line, 0);
            if (start < line.length() && line.charAt(start) != ';') {
                return user(line, start);
            }
        }
        return null;
    }

    private Line user(String line, int start) {
        Quoted name = quoted(line, start);
        if (name == null) {
            return problem("a user name in double quotes is expected");
        }
        Quoted password = quoted(line, skipBlanks(line, name.end));
        if (password == null) {
            return problem("a password in double quotes is expected behind the user name");
        }
        if (name.value.isEmpty() || name.value.length() > MAX_NAME) {
            return problem("a user name has 1 to " + MAX_NAME + " bytes");
        }
        if (password.value.length() > StoredPassword.MAX_BYTES) {
            return problem("a password has at most " + StoredPassword.MAX_BYTES + " bytes");
        }
        return new Line(number, name.value, password.value, null);
    }

    private Line problem(String reason) {
        return new Line(number, "", "", reason);
    }

    private static int skipBlanks(String line, int from) {
        int i = from;
        while (i < line.length() && line.charAt(i) <= ' ') {
            i++;
        }
        return i;
    }

    private static @Nullable Quoted quoted(String line, int start) {
        if (start >= line.length() || line.charAt(start) != '"') {
            return null;
        }
        StringBuilder value = new StringBuilder();
        int i = start + 1;
        while (i < line.length()) {
            char c = line.charAt(i);
            boolean doubled = c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
            if (c == '"' && !doubled) {
                return new Quoted(value.toString(), i + 1);
            }
            value.append(c);
            i += doubled ? 2 : 1;
        }
        return null;
    }
}
