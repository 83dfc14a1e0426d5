package io.github.pgconmgr.relay.protocol;

/** A peer does not speak PostgreSQL's protocol. Unchecked, as nothing is left to do for who meets it: the connection ends. */
public final class MalformedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** For the log; lower case, no full stop, nothing that the peer sent but numbers. */
    public MalformedException(String message) {
        super(message);
    }

    /** A hostile peer must not make us walk our stack all day. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
