package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/** STATE: the instance changed; sent at once (T5). Immutable. */
public record StateChange(InstanceState state) implements HeartbeatFrame {

    static StateChange decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, InstanceState.BYTES, FrameType.STATE);
        return new StateChange(InstanceState.decode(in));
    }

    @Override
    public FrameType type() {
        return FrameType.STATE;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        state.encode(out);
    }
}
