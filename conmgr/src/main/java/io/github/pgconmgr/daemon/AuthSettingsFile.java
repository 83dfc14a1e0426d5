package io.github.pgconmgr.daemon;

import io.github.pgconmgr.config.AuthConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.AuthType;
import io.github.pgconmgr.relay.auth.UserList;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;

/** What conmgr.conf says about logins, with the users of its file. Stateless; blocks on the disk. */
final class AuthSettingsFile {

    private AuthSettingsFile() {}

    /**
     * Reads {@code auth_file}, if there is one.
     *
     * @throws StartException if it cannot be used
     */
    static AuthSettings load(AuthConfig config) throws StartException {
        AuthType type = switch (config.type()) {
            case SCRAM_SHA_256 -> AuthType.SCRAM_SHA_256;
            case MD5 -> AuthType.MD5;
            case TRUST -> AuthType.TRUST;
        };
        if (config.file() == null) {
            return new AuthSettings(type, null, null, null);
        }
        try {
            UserList users = UserList.parse(Files.readAllBytes(config.file()));
            return new AuthSettings(type, users, config.user() == null ? null : config.query(), config.user());
        } catch (IOException e) {
            throw new StartException(Message.AUTH_FILE_UNUSABLE, config.file(), String.valueOf(e.getMessage()));
        } catch (UserList.InvalidUserListException e) {
            String problems = e.problems().stream()
                    .map(problem -> "line " + problem.line() + ": " + problem.reason())
                    .collect(Collectors.joining("; "));
            throw new StartException(Message.AUTH_FILE_UNUSABLE, config.file(), problems);
        }
    }
}
