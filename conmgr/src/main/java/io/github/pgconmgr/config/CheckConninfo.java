package io.github.pgconmgr.config;

import java.nio.file.Path;
import java.util.Locale;

/**
 * How conmgr connects to an instance for its checks: {@code check_conninfo*}, without host and port, which the instance has
 * already. Holds no password, so it may be shown and logged. Immutable.
 *
 * @param passfile in the form of a .pgpass file; empty for none
 * @param sslRootCert empty for libpq's own default
 * @param connectTimeoutSeconds 0 for no limit but heartbeat_connect_timeout
 */
public record CheckConninfo(
        String user, String database, String passfile, SslMode sslMode, String sslRootCert, int connectTimeoutSeconds) {

    /** As libpq's. */
    public enum SslMode {
        DISABLE("disable"),
        ALLOW("allow"),
        PREFER("prefer"),
        REQUIRE("require"),
        VERIFY_CA("verify-ca"),
        VERIFY_FULL("verify-full");

        private final String word;

        SslMode(String word) {
            this.word = word;
        }

        /** In lower case, with a hyphen. */
        public String word() {
            return word;
        }

        @Override
        public String toString() {
            return word.toUpperCase(Locale.ROOT);
        }
    }

    /** With file names that are meant from that directory on. */
    CheckConninfo within(Path directory) {
        return new CheckConninfo(
                user,
                database,
                resolve(directory, passfile),
                sslMode,
                resolve(directory, sslRootCert),
                connectTimeoutSeconds);
    }

    private static String resolve(Path directory, String file) {
        return file.isEmpty() ? "" : directory.resolve(file).toString();
    }
}
