package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import java.nio.ByteBuffer;

/**
 * UPSTREAM: the server that a standby receives its write-ahead log from (ADR 11). Immutable.
 *
 * @param host as in the standby's primary_conninfo, a name or an address; empty if nothing is received from anybody
 * @param port 0 with an empty host
 */
public record Upstream(String host, int port) implements HeartbeatFrame {

    /** Nothing is received from anybody. */
    public static final Upstream NONE = new Upstream("", 0);

    /** Most bytes of the host. */
    public static final int MAX_HOST_BYTES = 255;

    /**
     * Reads port and host; the host is all that remains.
     *
     * @throws MalformedMessageException if it is too short or too long, or the host is not text
     */
    public static Upstream decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, Short.BYTES, FrameType.UPSTREAM);
        int port = Short.toUnsignedInt(in.getShort());
        String host = WireText.decode(in, MAX_HOST_BYTES);
        if (host.isEmpty() != (port == 0)) {
            throw new MalformedMessageException("UPSTREAM with a host or a port alone");
        }
        return new Upstream(host, port);
    }

    @Override
    public FrameType type() {
        return FrameType.UPSTREAM;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        out.putShort((short) port).put(WireText.encode(host, MAX_HOST_BYTES));
    }
}
