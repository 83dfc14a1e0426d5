package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import java.nio.ByteBuffer;

/**
 * The watchdog will not have this conmgr; it closes after this frame (S6). Immutable.
 *
 * @param code one of the constants, or a number of a later program
 * @param text for conmgr's log
 */
public record Refused(int code, String text) implements HeartbeatFrame {

    /** {@code watchdog.max_heartbeat_connections} are there. */
    public static final int FULL = 1;

    /** No common protocol version. */
    public static final int VERSION = 2;

    /** The address is not allowed. */
    public static final int NOT_ALLOWED = 3;

    /** The shared secret is not the same. */
    public static final int AUTHENTICATION = 4;

    static Refused decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, 2, FrameType.REFUSED);
        int code = Short.toUnsignedInt(in.getShort());
        return new Refused(code, WireText.decode(in, HeartbeatProtocol.MAX_REFUSAL_TEXT_BYTES));
    }

    @Override
    public FrameType type() {
        return FrameType.REFUSED;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        out.putShort((short) code).put(WireText.encode(text, HeartbeatProtocol.MAX_REFUSAL_TEXT_BYTES));
    }
}
