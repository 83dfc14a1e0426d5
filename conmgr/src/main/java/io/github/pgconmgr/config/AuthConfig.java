package io.github.pgconmgr.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How relayed clients prove who they are (ADR 9). Immutable.
 *
 * @param type how; says nothing where clients authenticate with the instance
 * @param file users and their secrets, absolute; null without one
 * @param user who runs the query; null if nobody does
 * @param query one row of name and secret for the name in $1
 * @param database where it runs
 */
public record AuthConfig(
        AuthType type, @Nullable Path file, @Nullable String user, String query, String database) {

    /** As without any parameter: end to end. */
    public static final AuthConfig DEFAULT = new AuthConfig(
            AuthType.SCRAM_SHA_256,
            null,
            null,
            Settings.defaultOf(RelayParameters.AUTH_QUERY),
            Settings.defaultOf(RelayParameters.AUTH_DBNAME));
}
