package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * "I know the shared secret", from both sides, conmgr first (ADR 5); see {@link SharedSecret#proof}. Immutable.
 */
public final class Proof implements HeartbeatFrame {

    /** Bytes on the wire: one HMAC-SHA-256. */
    public static final int BYTES = 32;

    private final byte[] mac;

    /**
     * Copies the bytes.
     *
     * @throws IllegalArgumentException unless there are {@link #BYTES}
     */
    public Proof(byte[] mac) {
        if (mac.length != BYTES) {
            throw new IllegalArgumentException("proof of " + mac.length + " bytes");
        }
        this.mac = mac.clone();
    }

    static Proof decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, BYTES, FrameType.PROOF);
        byte[] mac = new byte[BYTES];
        in.get(mac);
        return new Proof(mac);
    }

    @Override
    public FrameType type() {
        return FrameType.PROOF;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        out.put(mac);
    }

    /** Compares in a time that does not tell how much is right. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Proof proof && MessageDigest.isEqual(mac, proof.mac);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(mac);
    }

    @Override
    public String toString() {
        return "Proof";
    }
}
