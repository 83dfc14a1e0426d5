package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;

/** One way for a client to prove who it is: {@link Md5Exchange} or {@link ScramExchange}. One object per client. */
interface Exchange {

    /** What came of a message. */
    sealed interface Outcome {
        /** Send this, another message will follow. */
        record More(ByteBuffer messages) implements Outcome {}

        /** It knows the password; send this. */
        record Proven(Identity identity, ByteBuffer messages) implements Outcome {}

        /** It does not. */
        record Wrong() implements Outcome {}
    }

    /** The first message. */
    ByteBuffer begin();

    /**
     * The client's {@code p} message, without type and length.
     *
     * @throws LoginProtocolException if it is none that could be right
     */
    Outcome onMessage(ByteBuffer body) throws LoginProtocolException;
}
