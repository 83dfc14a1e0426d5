package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into frames, in one fixed buffer: a peer that sends slowly, or announces much, costs no more than that.
 *
 * <p>Confined to its connection's loop.
 */
public final class FrameAssembler {

    private final ByteBuffer buffer =
            ByteBuffer.allocate(HeartbeatProtocol.LENGTH_BYTES + HeartbeatProtocol.MAX_FRAME_BYTES);

    private byte[] helloPayload = {};

    /**
     * The payload of the last HELLO as it travelled: a proof covers what was sent, also items that this program does not know.
     * Empty before the first.
     */
    public ByteBuffer helloPayload() {
        return ByteBuffer.wrap(helloPayload).asReadOnlyBuffer();
    }

    /**
     * Where to read from the socket into. Never full as long as {@link #next} is called until it gives null after each read.
     */
    public ByteBuffer inbound() {
        return buffer;
    }

    /**
     * Takes the next complete frame out.
     *
     * @return the frame, or null if it is not complete yet
     * @throws MalformedMessageException if a length or a frame is wrong; the connection must end
     */
    public @Nullable HeartbeatFrame next() throws MalformedMessageException {
        if (buffer.position() < HeartbeatProtocol.LENGTH_BYTES) {
            return null;
        }
        int length = Short.toUnsignedInt(buffer.getShort(0));
        if (length < 1 || length > HeartbeatProtocol.MAX_FRAME_BYTES) {
            throw new MalformedMessageException("frame length " + length);
        }
        int end = HeartbeatProtocol.LENGTH_BYTES + length;
        if (buffer.position() < end) {
            return null;
        }
        if (buffer.get(HeartbeatProtocol.LENGTH_BYTES) == FrameType.HELLO.code()) {
            helloPayload = new byte[length - 1];
            buffer.get(HeartbeatProtocol.LENGTH_BYTES + 1, helloPayload);
        }
        HeartbeatFrame frame = HeartbeatCodec.decode(buffer.slice(HeartbeatProtocol.LENGTH_BYTES, length));
        buffer.flip().position(end);
        buffer.compact();
        return frame;
    }
}
