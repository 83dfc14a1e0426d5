package io.github.pgconmgr.relay.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** Whatever a stranger begins with is a packet, not complete, or malformed; nothing else happens. Seeds from real programs. */
class FirstPacketFuzzTest {

    private static final int MOST_CHUNK_BYTES = 61;

    @FuzzTest(maxDuration = "24h")
    void whateverComesIsAPacketOrMalformed(byte[] bytes) {
        FirstPacketReader reader = new FirstPacketReader();
        ByteBuffer all = ByteBuffer.wrap(bytes);
        int step = 1 + bytes.length % MOST_CHUNK_BYTES;
        try {
            while (all.hasRemaining()) {
                ByteBuffer chunk = all.slice(all.position(), Math.min(step, all.remaining()));
                FirstPacket kind = reader.read(chunk);
                all.position(all.position() + chunk.position());
                if (kind == FirstPacket.TLS) {
                    return;
                }
                take(kind, reader);
            }
        } catch (MalformedException e) {
            // As it should be.
        }
    }

    private static void take(FirstPacket kind, FirstPacketReader reader) {
        if (kind == FirstPacket.CANCEL) {
            CancelRequest.decode(reader.takePacket());
        } else if (kind == FirstPacket.STARTUP) {
            StartupPacket packet = StartupPacket.decode(reader.takePacket());
            StartupPacket again = StartupPacket.decode(packet.encode());
            if (!again.equals(packet)) {
                throw new AssertionError(packet + " became " + again);
            }
        } else if (kind != FirstPacket.INCOMPLETE) {
            reader.takePacket();
        }
    }
}
