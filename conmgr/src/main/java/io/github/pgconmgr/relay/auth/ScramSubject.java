package io.github.pgconmgr.relay.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a SCRAM exchange is about: the verifier, and what a right proof makes the client. A user without a usable password has one as
 * well, by which nobody gets in: from outside it looks like any other (PostgreSQL's mock authentication).
 *
 * <p>Immutable, but for the keys of a plain password: confined to the relay loop.
 *
 * @param password null: nobody gets in
 */
record ScramSubject(String user, @Nullable StoredPassword password, ScramVerifier verifier) {

    private static final int SALT_BYTES = 16;

    /**
     * @param mockSecret the salt of users that have none comes from it: always the same for the same user
     * @param mockIterations what such users have
     */
    static ScramSubject of(String user, @Nullable StoredPassword password, byte[] mockSecret, int mockIterations) {
        if (password instanceof StoredPassword.Scram scram) {
            return new ScramSubject(user, password, scram.verifier());
        }
        byte[] userSecret = ScramKeys.hmac(mockSecret, user.getBytes(StandardCharsets.UTF_8));
        byte[] salt = Arrays.copyOf(userSecret, SALT_BYTES);
        SecretBytes nobodys = new SecretBytes(userSecret);
        if (password instanceof StoredPassword.Plain plain && !plain.isEmpty()) {
            return new ScramSubject(
                    user,
                    password,
                    ScramVerifier.of(mockIterations, salt, plain.keys().salted(salt, mockIterations)));
        }
        return new ScramSubject(user, null, new ScramVerifier(mockIterations, new SecretBytes(salt), nobodys, nobodys));
    }

    /** Who the client is, now that its proof was right; null if it must not get in all the same. */
    @Nullable
    Identity identity(byte[] clientKey) {
        if (password instanceof StoredPassword.Scram scram) {
            return Identity.proven(user, scram, new SecretBytes(clientKey));
        }
        return password == null ? null : Identity.proven(user, password);
    }
}
