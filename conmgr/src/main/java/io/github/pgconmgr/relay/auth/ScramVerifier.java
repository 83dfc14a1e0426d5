package io.github.pgconmgr.relay.auth;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server keeps of a password: {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}. Who has it can check a client's proof,
 * but not make one. Immutable; prints no secret.
 */
record ScramVerifier(int iterations, SecretBytes salt, SecretBytes storedKey, SecretBytes serverKey) {

    static final String PREFIX = "SCRAM-SHA-256$";

    /** What PostgreSQL uses unless {@code scram_iterations} says otherwise. */
    static final int DEFAULT_ITERATIONS = 4096;

    private static final int MAX_SALT = 1024;
    private static final Pattern FORM =
            Pattern.compile("SCRAM-SHA-256\\$([1-9][0-9]{0,8}):([^$:]+)\\$([^$:]+):([^$:]+)");

    /** Null if it is none. */
    static @Nullable ScramVerifier parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        byte[] salt = Ascii.fromBase64(form.group(2));
        SecretBytes storedKey = key(form.group(3));
        SecretBytes serverKey = key(form.group(4));
        if (salt == null || salt.length == 0 || salt.length > MAX_SALT || storedKey == null || serverKey == null) {
            return null;
        }
        return new ScramVerifier(Integer.parseInt(form.group(1)), new SecretBytes(salt), storedKey, serverKey);
    }

    private static @Nullable SecretBytes key(String base64) {
        byte[] bytes = Ascii.fromBase64(base64);
        return bytes == null || bytes.length != ScramKeys.BYTES ? null : new SecretBytes(bytes);
    }

    /** From a SaltedPassword. */
    static ScramVerifier of(int iterations, byte[] salt, byte[] saltedPassword) {
        return new ScramVerifier(
                iterations,
                new SecretBytes(salt),
                new SecretBytes(ScramKeys.hash(ScramKeys.clientKey(saltedPassword))),
                new SecretBytes(ScramKeys.serverKey(saltedPassword)));
    }
}
