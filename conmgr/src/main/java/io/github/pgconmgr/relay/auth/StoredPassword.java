package io.github.pgconmgr.relay.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What conmgr knows of a user's password: the second field of a line of {@code auth_file}, the second column of
 * {@code auth_query}. Prints nothing of itself.
 *
 * <p>Immutable, but for what {@link Plain} has computed already: confined to the relay loop.
 */
public sealed interface StoredPassword {

    /** Longer ones are refused, as in PgBouncer. */
    int MAX_BYTES = 2048;

    /**
     * Tells the three kinds apart as PostgreSQL does.
     *
     * @return null if it is a SCRAM verifier that is damaged
     */
    static @Nullable StoredPassword of(byte[] field) {
        String text = new String(field, StandardCharsets.ISO_8859_1);
        if (text.startsWith(ScramVerifier.PREFIX)) {
            ScramVerifier verifier = ScramVerifier.parse(text);
            return verifier == null ? null : new Scram(verifier);
        }
        return Md5.isHash(text) ? new Md5(text) : new Plain(field.clone());
    }

    /**
     * The password itself. An empty one lets nobody in, as in PostgreSQL.
     *
     * @see PlainKeys
     */
    final class Plain implements StoredPassword {

        private final byte[] bytes;
        private final PlainKeys keys;

        Plain(byte[] bytes) {
            this.bytes = bytes;
            this.keys = new PlainKeys(bytes);
        }

        byte[] bytes() {
            return bytes;
        }

        boolean isEmpty() {
            return bytes.length == 0;
        }

        PlainKeys keys() {
            return keys;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Plain plain && MessageDigest.isEqual(bytes, plain.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Plain[hidden]";
        }
    }

    /**
     * {@code md5} and 32 hexadecimal digits: the hash of password and user name. It is as good as the password where a server asks
     * for md5.
     */
    record Md5(String hash) implements StoredPassword {

        private static final int LENGTH = 35;

        static boolean isHash(String text) {
            return text.length() == LENGTH
                    && text.startsWith("md5")
                    && text.substring(3).chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
        }

        @Override
        public String toString() {
            return "Md5[hidden]";
        }
    }

    /** A SCRAM verifier, as in {@code pg_authid.rolpassword}. */
    record Scram(ScramVerifier verifier) implements StoredPassword {

        @Override
        public String toString() {
            return "Scram[hidden]";
        }
    }
}
