package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.List;

/**
 * SQL commands with semicolons between them, one of which is ABORT (P10). A semicolon always separates, so none can stand within
 * a quoted text. Immutable.
 */
record QueryListType() implements ValueType<List<String>> {

    /** In characters; it is sent each time that a server connection changes hands. */
    static final int MAX_LENGTH = 1_000;

    /** Sent only within a transaction. */
    static final String ABORT = "ABORT";

    @Override
    public List<String> parse(String text) throws InvalidValueException {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidValueException("the value is longer than " + MAX_LENGTH + " characters");
        }
        List<String> commands = new ArrayList<>();
        for (String command : text.split(";", -1)) {
            if (!command.isBlank()) {
                commands.add(checked(command.strip()));
            }
        }
        if (commands.stream().noneMatch(ABORT::equalsIgnoreCase)) {
            throw new InvalidValueException("the command " + ABORT + " is missing");
        }
        return List.copyOf(commands);
    }

    private static String checked(String command) throws InvalidValueException {
        if (isOdd(command, '\'') || isOdd(command, '"') || isOdd(command, '$')) {
            throw new InvalidValueException(
                    "the quotes of \"" + command + "\" do not close; a semicolon always separates commands");
        }
        return command;
    }

    private static boolean isOdd(String command, char quote) {
        return command.chars().filter(c -> c == quote).count() % 2 != 0;
    }

    @Override
    public String format(List<String> commands) {
        return String.join("; ", commands);
    }

    @Override
    public String typeName() {
        return "string";
    }

    @Override
    public String bounds() {
        return "SQL commands with semicolons between them, one of them " + ABORT;
    }
}
