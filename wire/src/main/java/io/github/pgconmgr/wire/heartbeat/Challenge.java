package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * The watchdog's answer to a HELLO that has to be proven (ADR 5). Immutable.
 *
 * @param nonce random per connection; hand out no second one for the same HELLO
 */
public record Challenge(Id128 nonce) implements HeartbeatFrame {

    static Challenge decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, Id128.BYTES, FrameType.CHALLENGE);
        return new Challenge(Id128.decode(in));
    }

    @Override
    public FrameType type() {
        return FrameType.CHALLENGE;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        nonce.encode(out);
    }
}
