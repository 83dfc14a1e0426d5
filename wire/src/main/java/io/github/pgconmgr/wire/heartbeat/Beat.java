package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * "I am alive", every interval, idle or not (L2). Immutable.
 *
 * @param sequence counts from 1 on each link and side
 * @param echo the peer's last sequence; 0 = none yet
 * @param heldMicros how long the echo waited here; with it the peer knows the round trip
 * @param stallMicros the sender's own longest stall since its last BEAT
 * @param lsn the instance's position; 0 from conmgr
 */
public record Beat(long sequence, long echo, int heldMicros, int stallMicros, long lsn) implements HeartbeatFrame {

    private static final int BYTES = 8 + 8 + 4 + 4 + 8;

    static Beat decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, BYTES, FrameType.BEAT);
        return new Beat(in.getLong(), in.getLong(), in.getInt(), in.getInt(), in.getLong());
    }

    @Override
    public FrameType type() {
        return FrameType.BEAT;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        out.putLong(sequence)
                .putLong(echo)
                .putInt(heldMicros)
                .putInt(stallMicros)
                .putLong(lsn);
    }
}
