package io.github.pgconmgr.wire;

/**
 * The bytes are not a message of the protocol. The reader closes the connection and uses nothing of the message. Checked, as
 * every byte from a socket is hostile and no caller may forget it.
 */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param reason what is wrong, for our log; holds lengths and numbers, never the peer's text
     */
    public MalformedMessageException(String reason) {
        super(reason);
    }
}
