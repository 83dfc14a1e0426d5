package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.MessageScanner;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What BackendKeyData says: who asks for a cancel with it is believed. Immutable, if nobody writes to the secret; prints no secret. */
record CancelKey(int pid, byte[] secret) {

    /** Reads a whole BackendKeyData message. */
    static CancelKey decode(ByteBuffer buffer, int from, int to) {
        byte[] secret = new byte[Math.max(0, to - from - MessageScanner.HEADER_BYTES - Integer.BYTES)];
        buffer.get(from + MessageScanner.HEADER_BYTES + Integer.BYTES, secret);
        return new CancelKey(buffer.getInt(from + MessageScanner.HEADER_BYTES), secret);
    }

    /** The whole message, ready to be read from. */
    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(MessageScanner.HEADER_BYTES + Integer.BYTES + secret.length);
        out.put((byte) 'K').putInt(out.capacity() - 1).putInt(pid).put(secret);
        return out.flip();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CancelKey key && pid == key.pid && Arrays.equals(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return pid;
    }

    @Override
    public String toString() {
        return "CancelKey[" + pid + "]";
    }
}
