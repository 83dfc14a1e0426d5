package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Start-up packets that were read not long ago: a program says the same each time it connects, so it is read once. Small ones only, and
 * not many: clients choose what they send.
 *
 * <p>Confined to the relay's loop.
 */
public final class StartupPackets {

    static final int MOST = 128;
    static final int MAX_BYTES = 1024;

    private final Map<ByteBuffer, StartupPacket> known = new LinkedHashMap<>();

    /**
     * Reads a whole packet, position to limit, which nobody changes afterwards.
     *
     * @throws MalformedException if it is none
     */
    public StartupPacket decode(ByteBuffer packet) {
        StartupPacket before = known.get(packet);
        return before == null ? decodeNew(packet) : before;
    }

    private StartupPacket decodeNew(ByteBuffer packet) {
        StartupPacket read = StartupPacket.decode(packet);
        if (packet.remaining() <= MAX_BYTES) {
            known.put(packet, read);
            if (known.size() > MOST) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return read;
    }

    int size() {
        return known.size();
    }
}
