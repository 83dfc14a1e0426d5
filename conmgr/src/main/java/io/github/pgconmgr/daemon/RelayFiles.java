package io.github.pgconmgr.daemon;

import io.github.pgconmgr.config.AuthConfig;
import io.github.pgconmgr.config.RelayConfig;
import io.github.pgconmgr.config.TlsConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.Relay;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.UserList;
import io.github.pgconmgr.relay.netty.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The files that conmgr.conf names for the relay: users, certificate and key. Stateless; blocks on the disk. */
final class RelayFiles {

    /** A hundred thousand users have less. */
    private static final long MAX_AUTH_FILE_BYTES = 32 * 1024 * 1024;

    private RelayFiles() {}

    /**
     * Reads those that are named.
     *
     * @throws StartException if one cannot be used
     */
    static Relay.Secrets load(RelayConfig config) throws StartException {
        return new Relay.Secrets(auth(config.auth()), tls(config.tls()));
    }

    private static @Nullable ServerTls tls(@Nullable TlsConfig config) throws StartException {
        if (config == null) {
            return null;
        }
        try {
            return ServerTls.load(config);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(
                    Message.CERTIFICATE_UNUSABLE, config.certificate(), String.valueOf(e.getMessage()));
        }
    }

    private static AuthSettings auth(AuthConfig config) throws StartException {
        String query = config.user() == null ? null : config.query();
        if (config.file() == null) {
            return new AuthSettings(config.type(), null, query, config.user());
        }
        try {
            if (Files.size(config.file()) > MAX_AUTH_FILE_BYTES) {
                throw new IOException("it has more than " + MAX_AUTH_FILE_BYTES + " bytes");
            }
            UserList users = UserList.parse(Files.readAllBytes(config.file()));
            return new AuthSettings(config.type(), users, query, config.user());
        } catch (IOException e) {
            throw new StartException(Message.AUTH_FILE_UNUSABLE, config.file(), String.valueOf(e.getMessage()));
        } catch (UserList.InvalidUserListException e) {
            String problems = e.problems().stream()
                    .map(problem -> config.file() + ":" + problem.line() + ": " + problem.reason())
                    .collect(Collectors.joining("; "));
            throw new StartException(Message.AUTH_FILE_UNUSABLE, config.file(), problems);
        }
    }
}
