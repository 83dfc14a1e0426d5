package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/** An orderly end; the last frame of its sender. Immutable. */
public record Goodbye(Reason reason) implements HeartbeatFrame {

    /** Why the sender ends. */
    public enum Reason {
        STOP(1),
        RESTART(2),
        INSTANCE_STOPPING(3);

        private final int code;

        Reason(int code) {
            this.code = code;
        }
    }

    static Goodbye decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, 1, FrameType.GOODBYE);
        int code = Byte.toUnsignedInt(in.get());
        for (Reason reason : Reason.values()) {
            if (reason.code == code) {
                return new Goodbye(reason);
            }
        }
        throw new MalformedMessageException("GOODBYE for unknown reason " + code);
    }

    @Override
    public FrameType type() {
        return FrameType.GOODBYE;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        out.put((byte) reason.code);
    }
}
