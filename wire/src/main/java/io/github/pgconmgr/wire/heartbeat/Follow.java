package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * FOLLOW: for so long conmgr wants a STATE whenever the watchdog has read another LSN, not only with the next BEAT (ADR 11).
 * Immutable.
 *
 * @param millis from now on; a newer FOLLOW replaces it, 0 ends it
 */
public record Follow(int millis) implements HeartbeatFrame {

    static Follow decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, Integer.BYTES, FrameType.FOLLOW);
        int millis = in.getInt();
        if (millis < 0) {
            throw new MalformedMessageException("FOLLOW of " + Integer.toUnsignedLong(millis) + " ms");
        }
        return new Follow(millis);
    }

    @Override
    public FrameType type() {
        return FrameType.FOLLOW;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        out.putInt(millis);
    }
}
