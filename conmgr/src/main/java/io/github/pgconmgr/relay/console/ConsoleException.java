package io.github.pgconmgr.relay.console;

/** A command that cannot be done; its user is told why. */
final class ConsoleException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sqlState;
    private final String hint;

    ConsoleException(String sqlState, String message, String hint) {
        super(message);
        this.sqlState = sqlState;
        this.hint = hint;
    }

    String sqlState() {
        return sqlState;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    String hint() {
        return hint;
    }
}
