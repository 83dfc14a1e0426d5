package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.AuthType;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.UserList;
import java.nio.charset.StandardCharsets;

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

    /** By what an instance says of a user, asked by this one of the list. */
    static AuthSettings query(String users, String by) throws UserList.InvalidUserListException {
        return new AuthSettings(
                AuthType.SCRAM_SHA_256,
                UserList.parse(users.getBytes(StandardCharsets.UTF_8)),
                "SELECT rolname, rolpassword FROM pg_authid WHERE rolname = $1",
                by);
    }

    /** By MD5, from this user list. */
    static AuthSettings md5(String users) throws UserList.InvalidUserListException {
        return new AuthSettings(AuthType.MD5, UserList.parse(users.getBytes(StandardCharsets.UTF_8)), null, null);
    }
}
