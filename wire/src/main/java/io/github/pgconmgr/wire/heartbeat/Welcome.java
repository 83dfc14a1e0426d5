package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * The watchdog's answer to HELLO. Immutable.
 *
 * @param version the version that the link speaks from here on
 * @param systemIdentifier of the instance's database cluster, unsigned 64 bits
 * @param postmasterStartMicros microseconds since 1970 UTC; another value means that all sessions of before are gone
 * @param highestFrame highest frame type that the sender takes
 */
public record Welcome(
        int version,
        long systemIdentifier,
        long postmasterStartMicros,
        InstanceState state,
        String softwareVersion,
        int highestFrame)
        implements HeartbeatFrame {

    private static final int FIXED_BYTES = 2 + 8 + 8 + InstanceState.BYTES;

    /** From a watchdog that says nothing of the frames that it takes. */
    public Welcome(
            int version,
            long systemIdentifier,
            long postmasterStartMicros,
            InstanceState state,
            String softwareVersion) {
        this(
                version,
                systemIdentifier,
                postmasterStartMicros,
                state,
                softwareVersion,
                HeartbeatProtocol.HIGHEST_FRAME_UNSAID);
    }

    static Welcome decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, FIXED_BYTES, FrameType.WELCOME);
        int version = Short.toUnsignedInt(in.getShort());
        if (version != HeartbeatProtocol.VERSION) {
            throw new MalformedMessageException("WELCOME of version " + version);
        }
        long systemIdentifier = in.getLong();
        long postmasterStart = in.getLong();
        InstanceState state = InstanceState.decode(in);
        Items items = Items.decode(in);
        String software = items.text(Items.SOFTWARE_VERSION);
        return new Welcome(version, systemIdentifier, postmasterStart, state, software, items.highestFrame());
    }

    @Override
    public FrameType type() {
        return FrameType.WELCOME;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        out.putShort((short) version).putLong(systemIdentifier).putLong(postmasterStartMicros);
        state.encode(out);
        Items.putText(out, Items.SOFTWARE_VERSION, softwareVersion);
        Items.putHighestFrame(out, highestFrame);
    }
}
