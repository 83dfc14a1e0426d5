package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.AuthType;
import io.github.pgconmgr.relay.auth.AuthSettings;

/** Ways to log in, for tests. Stateless. */
final class Authentications {

    private Authentications() {}

    /** Nobody is asked. */
    static AuthSettings trust() {
        return new AuthSettings(AuthType.TRUST, null, null, null);
    }

    /** With the server. */
    static AuthSettings endToEnd() {
        return new AuthSettings(AuthType.SCRAM_SHA_256, null, null, null);
    }
}
