package io.github.pgconmgr.relay.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Which protocol conmgr speaks to clients that it authenticates itself: 3.0 to 3.2, without options. Stateless. */
public final class ProtocolOffer {

    /** The newest minor version. */
    public static final int NEWEST_MINOR = 2;

    private static final int MAJOR = 3;

    private ProtocolOffer() {}

    /** The minor version that holds for a client. */
    public static int minorFor(StartupPacket packet) {
        return Math.min(packet.minor(), NEWEST_MINOR);
    }

    /** NegotiateProtocolVersion, or nothing if the client wants nothing that is not there; ready to be read from. */
    public static ByteBuffer answer(StartupPacket packet) {
        List<String> options = packet.protocolOptions();
        if (packet.minor() <= NEWEST_MINOR && options.isEmpty()) {
            return ByteBuffer.allocate(0);
        }
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String option : options) {
            names.writeBytes(option.getBytes(StandardCharsets.ISO_8859_1));
            names.write(0);
        }
        ByteBuffer out = ByteBuffer.allocate(MessageScanner.HEADER_BYTES + 2 * Integer.BYTES + names.size());
        out.put((byte) 'v').putInt(out.capacity() - 1).putInt((MAJOR << 16) + minorFor(packet));
        return out.putInt(options.size()).put(names.toByteArray()).flip();
    }
}
