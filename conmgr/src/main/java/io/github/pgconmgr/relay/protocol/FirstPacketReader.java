package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;

/**
 * Puts together what comes before the first message with a type. Holds {@link StartupPacket#MAX_BYTES} at most; a length that no packet
 * may have is refused before any more is waited for.
 *
 * <p>Confined to the relay's loop.
 */
public final class FirstPacketReader {

    private ByteBuffer packet = ByteBuffer.allocate(FirstPacket.CODE_BYTES);
    private FirstPacket kind = FirstPacket.INCOMPLETE;

    /**
     * Takes what belongs to the packet, and leaves what is behind it.
     *
     * @return {@link FirstPacket#INCOMPLETE} if more must come; {@link FirstPacket#TLS} has taken nothing
     * @throws MalformedException if this is no packet
     */
    public FirstPacket read(ByteBuffer chunk) {
        if (packet.position() == 0 && chunk.hasRemaining() && FirstPacket.isTls(chunk.get(chunk.position()))) {
            return FirstPacket.TLS;
        }
        take(chunk);
        if (kind == FirstPacket.INCOMPLETE && packet.position() >= Integer.BYTES) {
            checkLength(packet.getInt(0));
        }
        if (kind == FirstPacket.INCOMPLETE && packet.position() == FirstPacket.CODE_BYTES) {
            kind = FirstPacket.ofCode(packet.getInt(Integer.BYTES), packet.getInt(0));
            packet = ByteBuffer.allocate(packet.getInt(0)).put(packet.flip());
            take(chunk);
        }
        return packet.hasRemaining() ? FirstPacket.INCOMPLETE : kind;
    }

    private void take(ByteBuffer chunk) {
        int taken = Math.min(packet.remaining(), chunk.remaining());
        packet.put(packet.position(), chunk, chunk.position(), taken).position(packet.position() + taken);
        chunk.position(chunk.position() + taken);
    }

    private static void checkLength(int length) {
        if (length < FirstPacket.CODE_BYTES || length > StartupPacket.MAX_BYTES) {
            throw new MalformedException("length " + length + " of a start-up packet");
        }
    }

    /** The complete packet; another one may begin afterwards. */
    public ByteBuffer takePacket() {
        ByteBuffer taken = packet.flip();
        packet = ByteBuffer.allocate(FirstPacket.CODE_BYTES);
        kind = FirstPacket.INCOMPLETE;
        return taken;
    }
}
