package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.Id128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What conmgr and watchdog both know, and nobody else (ADR 5). It never leaves the process and never gets into a log.
 * Immutable.
 */
public final class SharedSecret {

    /** Shorter ones could be guessed. */
    public static final int MIN_BYTES = 16;

    /** Longer ones are some other file. */
    public static final int MAX_BYTES = 1024;

    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] bytes;

    /** Who proves: what one side says must never serve the other one. */
    public enum Side {
        CONMGR("conmgr"),
        WATCHDOG("watchdog");

        private final String label;

        Side(String label) {
            this.label = label;
        }
    }

    /**
     * Copies the bytes.
     *
     * @throws IllegalArgumentException unless there are {@link #MIN_BYTES} to {@link #MAX_BYTES}
     */
    public SharedSecret(byte[] bytes) {
        if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("shared secret of " + bytes.length + " bytes");
        }
        this.bytes = bytes.clone();
    }

    /**
     * The proof that this side of this one connection knows the secret.
     *
     * @param challenge the watchdog's, new for each connection
     * @param helloPayload of HELLO as it travelled, conmgr's nonce included; not changed
     */
    public Proof proof(Side side, Id128 challenge, ByteBuffer helloPayload) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
            mac.update(side.label.getBytes(StandardCharsets.US_ASCII));
            ByteBuffer nonce = ByteBuffer.allocate(Id128.BYTES);
            challenge.encode(nonce);
            mac.update(nonce.flip());
            mac.update(helloPayload.duplicate());
            return new Proof(mac.doFinal());
        } catch (GeneralSecurityException e) {
            // Every Java platform must have it.
            throw new IllegalStateException("no " + ALGORITHM + " in this Java", e);
        }
    }

    /** The same bytes, compared in a time that tells nothing. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Nothing of the secret, not even its length: records that hold one get printed. */
    @Override
    public String toString() {
        return "SharedSecret[hidden]";
    }
}
