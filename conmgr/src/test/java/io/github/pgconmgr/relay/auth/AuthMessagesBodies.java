package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;

/** Bodies of a client's {@code p} messages. */
final class AuthMessagesBodies {

    private AuthMessagesBodies() {}

    static ByteBuffer password(String text) {
        return Logins.body(AuthMessages.password(text));
    }

    static ByteBuffer initial(String mechanism, String message) {
        return Logins.body(AuthMessages.saslInitialResponse(mechanism, message));
    }
}
