package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/** Frames to bytes and back. Stateless, any thread. */
public final class HeartbeatCodec {

    private HeartbeatCodec() {}

    /** The whole frame, length field included, ready to be read from. */
    public static ByteBuffer encode(HeartbeatFrame frame) {
        ByteBuffer out = ByteBuffer.allocate(HeartbeatProtocol.LENGTH_BYTES + HeartbeatProtocol.MAX_FRAME_BYTES);
        out.putShort((short) 0).put((byte) frame.type().code());
        frame.encodePayload(out);
        out.putShort(0, (short) (out.position() - HeartbeatProtocol.LENGTH_BYTES));
        return out.flip();
    }

    /** The payload alone, ready to be read from. */
    public static ByteBuffer encodePayload(HeartbeatFrame frame) {
        ByteBuffer out = ByteBuffer.allocate(HeartbeatProtocol.MAX_FRAME_BYTES - 1);
        frame.encodePayload(out);
        return out.flip();
    }

    /**
     * Decodes one frame.
     *
     * @param frame type and payload, without the length field; read to its end
     * @throws MalformedMessageException if it is not exactly one frame of version 1; the connection must end
     */
    public static HeartbeatFrame decode(ByteBuffer frame) throws MalformedMessageException {
        if (frame.remaining() < 1 || frame.remaining() > HeartbeatProtocol.MAX_FRAME_BYTES) {
            throw new MalformedMessageException("frame of " + frame.remaining() + " bytes");
        }
        FrameType type = typeOf(Byte.toUnsignedInt(frame.get()));
        HeartbeatFrame decoded = switch (type) {
            case HELLO -> Hello.decode(frame);
            case WELCOME -> Welcome.decode(frame);
            case REFUSED -> Refused.decode(frame);
            case CHALLENGE -> Challenge.decode(frame);
            case BEAT -> Beat.decode(frame);
            case STATE -> StateChange.decode(frame);
            case SETTINGS -> SettingsChange.decode(frame);
            case GOODBYE -> Goodbye.decode(frame);
            case PROOF -> Proof.decode(frame);
            case FOLLOW -> Follow.decode(frame);
            case UPSTREAM -> Upstream.decode(frame);
        };
        if (frame.hasRemaining()) {
            throw new MalformedMessageException(frame.remaining() + " bytes behind " + type);
        }
        return decoded;
    }

    /** Checks that a fixed part is all there before it is read. */
    static void require(ByteBuffer in, int bytes, FrameType type) throws MalformedMessageException {
        if (in.remaining() < bytes) {
            throw new MalformedMessageException(type + " of " + in.remaining() + " bytes, at least " + bytes);
        }
    }

    private static FrameType typeOf(int code) throws MalformedMessageException {
        for (FrameType type : FrameType.values()) {
            if (type.code() == code) {
                return type;
            }
        }
        throw new MalformedMessageException("unknown frame type " + code);
    }
}
