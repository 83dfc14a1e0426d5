package io.github.pgconmgr.relay.auth;

/** The other side does not speak the protocol of this login, which ends. The message has no secrets. */
final class LoginProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sqlState;

    private LoginProtocolException(String sqlState, String message) {
        super(message, null, false, false);
        this.sqlState = sqlState;
    }

    static LoginProtocolException violation(String message) {
        return new LoginProtocolException("08P01", message);
    }

    static LoginProtocolException unsupported(String message) {
        return new LoginProtocolException("0A000", message);
    }

    String sqlState() {
        return sqlState;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
