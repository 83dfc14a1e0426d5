package io.github.pgconmgr.relay.auth;

import io.github.pgconmgr.config.AuthType;
import org.jspecify.annotations.Nullable;

/**
 * What conmgr.conf says about logins. Immutable.
 *
 * @param users content of {@code auth_file}; null without one
 * @param query {@code auth_query}; null if it is not used, that is without {@code auth_user}
 * @param queryUser {@code auth_user}: by whom the query is run; its password is in {@code auth_file}, if the server wants one
 */
public record AuthSettings(
        AuthType type,
        @Nullable UserList users,
        @Nullable String query,
        @Nullable String queryUser) {

    /** Nobody is verified here: what client and server say to each other about passwords goes through (ADR 9). */
    public boolean isEndToEnd() {
        return type != AuthType.TRUST && users == null && query == null;
    }
}
