package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;

/** What the login of a client needs next. Immutable, but for the buffers, which are the receiver's. */
public sealed interface AuthStep {

    /** Send these whole messages, then give the client's next {@code p} message to {@link ClientAuthentication#onMessage}. */
    record Say(ByteBuffer messages) implements AuthStep {}

    /** Ask a server by {@code auth_query} ({@link UserLookUp}), then call {@link ClientAuthentication#onLookedUp}. */
    record Look(String user) implements AuthStep {}

    /** The client is in: send these messages, the last of which is AuthenticationOk. */
    record Accepted(Identity identity, ByteBuffer messages) implements AuthStep {}

    /**
     * The client is out: after the delay send ErrorResponse, severity FATAL, and close.
     *
     * @param message for the client
     * @param detail for the log alone: why, without secrets
     * @param delayNanos 0 if nobody was guessing
     */
    record Refused(String sqlState, String message, String detail, long delayNanos) implements AuthStep {}
}
