package io.github.pgconmgr.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** 16 bytes: a conmgr id or a nonce. Immutable. */
public record Id128(long high, long low) {

    /** Bytes on the wire. */
    public static final int BYTES = 16;

    /** All zero: "none". */
    public static final Id128 NONE = new Id128(0, 0);

    /** A new id; hand over a {@code SecureRandom} wherever a stranger must not guess it. */
    public static Id128 random(RandomGenerator random) {
        return new Id128(random.nextLong(), random.nextLong());
    }

    /** Reads 16 bytes. The caller has checked that they are there. */
    public static Id128 decode(ByteBuffer in) {
        return new Id128(in.getLong(), in.getLong());
    }

    /** Writes 16 bytes. */
    public void encode(ByteBuffer out) {
        out.putLong(high).putLong(low);
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
