package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A key, a salt, a hash: compared in a time that tells nothing, printed never. Immutable. */
public final class SecretBytes {

    private final byte[] bytes;

    SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** How many. */
    public int length() {
        return bytes.length;
    }

    /** Appends them. */
    public void putInto(ByteBuffer out) {
        out.put(bytes);
    }

    /** The bytes themselves: not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    boolean matches(byte[] other) {
        return MessageDigest.isEqual(bytes, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretBytes secret && matches(secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "[hidden]";
    }
}
