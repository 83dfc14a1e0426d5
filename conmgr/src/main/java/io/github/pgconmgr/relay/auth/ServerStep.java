package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;

/** What the login at a server needs next. Immutable, but for the buffer, which is the receiver's. */
public sealed interface ServerStep {

    /** Send this whole message. */
    record Say(ByteBuffer message) implements ServerStep {}

    /** Nothing to send; the server goes on. */
    record Wait() implements ServerStep {}

    /** Logged in: ParameterStatus and the rest follow. */
    record Done() implements ServerStep {}

    /**
     * Close this server connection, it cannot be used in this client's name.
     *
     * @param reason for log and client; lower case, no full stop, no secrets
     */
    record Failed(String reason) implements ServerStep {}
}
