package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;

/** A request to cancel what a session is doing. Immutable, if nobody writes to the key; prints no key. */
public record CancelRequest(int pid, byte[] key) {

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
        return new CancelRequest(packet.getInt(at + 8), key);
    }

    /** The whole packet, ready to be read from. */
    public ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + key.length);
        out.putInt(out.capacity()).putInt(CODE).putInt(pid).put(key);
        return out.flip();
    }

    @Override
    public String toString() {
        return "CancelRequest[" + pid + "]";
    }
}
