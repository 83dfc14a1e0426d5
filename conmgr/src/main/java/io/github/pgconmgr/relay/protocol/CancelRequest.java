package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;

/** A request to cancel what a session is doing. Immutable, if nobody moves or writes to the key; prints no key. */
public record CancelRequest(int pid, ByteBuffer key) {

    static final int MIN_BYTES = 16;

    /** Protocol 3.2 has keys of up to 256 bytes. */
    static final int MAX_BYTES = 12 + 256;

    private static final int CODE = 80877102;
    private static final int HEADER_BYTES = 12;

    /** Reads a whole packet, whose length has been judged. */
    public static CancelRequest decode(ByteBuffer packet) {
        int at = packet.position();
        byte[] key = new byte[packet.remaining() - HEADER_BYTES];
        packet.get(at + HEADER_BYTES, key);
        return new CancelRequest(packet.getInt(at + 8), ByteBuffer.wrap(key));
    }

    /** The request that somebody would send who was given this whole BackendKeyData message. */
    public static CancelRequest ofBackendKeyData(ByteBuffer buffer, int from, int to) {
        int secretFrom = from + MessageScanner.HEADER_BYTES + Integer.BYTES;
        if (to < secretFrom) {
            throw new MalformedException("BackendKeyData of " + (to - from) + " bytes");
        }
        byte[] key = new byte[to - secretFrom];
        buffer.get(secretFrom, key);
        return new CancelRequest(buffer.getInt(from + MessageScanner.HEADER_BYTES), ByteBuffer.wrap(key));
    }

    /** The whole packet, ready to be read from. */
    public ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + key.remaining());
        out.putInt(out.capacity()).putInt(CODE).putInt(pid).put(key.duplicate());
        return out.flip();
    }

    @Override
    public String toString() {
        return "CancelRequest[" + pid + "]";
    }
}
