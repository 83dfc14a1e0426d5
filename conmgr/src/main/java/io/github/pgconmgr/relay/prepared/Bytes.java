package io.github.pgconmgr.relay.prepared;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as the key of a map. One that is kept never changes; {@link #point} makes a probe of one, so that looking up allocates nothing.
 * Confined to the relay's loop.
 */
final class Bytes {

    private byte[] bytes;
    private int length;
    private int hash;

    /** A probe. */
    Bytes() {
        this.bytes = new byte[64];
    }

    /** The bytes of a buffer, copied. */
    static Bytes copyOf(ByteBuffer buffer, int from, int to) {
        Bytes copy = new Bytes();
        copy.bytes = new byte[to - from];
        copy.point(buffer, from, to);
        return copy;
    }

    /** Has the bytes of that part of a buffer from now on. */
    Bytes point(ByteBuffer buffer, int from, int to) {
        length = to - from;
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        buffer.get(from, bytes, 0, length);
        int sum = 1;
        for (int i = 0; i < length; i++) {
            sum = 31 * sum + bytes[i];
        }
        hash = sum;
        return this;
    }

    int length() {
        return length;
    }

    /** Appends them. */
    void putInto(ByteBuffer out) {
        out.put(bytes, 0, length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes those
                && hash == those.hash
                && Arrays.equals(bytes, 0, length, those.bytes, 0, those.length);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
