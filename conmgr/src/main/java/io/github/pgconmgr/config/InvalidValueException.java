package io.github.pgconmgr.config;

/** A parameter's value is not one of its type; the message is the reason, as the user reads it. */
public final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    InvalidValueException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Without the place. */
    public String reason() {
        return reason;
    }
}
