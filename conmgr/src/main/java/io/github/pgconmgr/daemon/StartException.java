package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Message;

/** conmgr cannot start; which message says why, and with what arguments. */
public final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    private final Message reason;
    private final transient Object[] arguments;

    public StartException(Message reason, Object... arguments) {
        super(reason.format(arguments));
        this.reason = reason;
        this.arguments = arguments.clone();
    }

    /** The message of the catalogue. */
    public Message reason() {
        return reason;
    }

    /** Its arguments. */
    public Object[] arguments() {
        return arguments.clone();
    }
}
