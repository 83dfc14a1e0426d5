package io.github.pgconmgr.relay.protocol;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** Whatever a stranger begins with is a packet, not complete, or malformed; nothing else happens. */
class FirstPacketFuzzTest {

    @FuzzTest(maxDuration = "24h")
    void whateverComesIsAPacketOrMalformed(FuzzedDataProvider data) {
        FirstPacketReader reader = new FirstPacketReader();
        try {
            while (data.remainingBytes() > 0) {
                ByteBuffer chunk = ByteBuffer.wrap(data.consumeBytes(data.consumeInt(1, 64)));
                FirstPacket kind = reader.read(chunk);
                if (kind == FirstPacket.TLS) {
                    return;
                }
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
        } catch (MalformedException e) {
            // As it should be.
        }
    }
}
