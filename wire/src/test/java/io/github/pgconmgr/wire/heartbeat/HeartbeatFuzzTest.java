package io.github.pgconmgr.wire.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/** The decoders of both directions of a heartbeat under Jazzer (docs/fuzzing.md). */
class HeartbeatFuzzTest {

    /** The first byte is the size of the pieces in which the others come. */
    @FuzzTest(maxDuration = "24h")
    void anyBytesAreFramesOrMalformed(byte[] bytes) {
        FrameAssembler assembler = new FrameAssembler();
        int piece = bytes.length == 0 ? 1 : 1 + Byte.toUnsignedInt(bytes[0]);
        try {
            int at = 1;
            while (at < bytes.length) {
                int room = assembler.inbound().remaining();
                assertTrue(room > 0, "nothing could be read any more");
                int count = Math.min(Math.min(piece, room), bytes.length - at);
                assembler.inbound().put(bytes, at, count);
                takeFrames(assembler);
                at += count;
            }
        } catch (MalformedMessageException e) {
            assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
        }
    }

    private static void takeFrames(FrameAssembler assembler) throws MalformedMessageException {
        for (HeartbeatFrame frame = assembler.next(); frame != null; frame = assembler.next()) {
            ByteBuffer again = HeartbeatCodec.encode(frame);
            int length = Short.toUnsignedInt(again.getShort());
            assertEquals(again.remaining(), length);
            assertTrue(length <= HeartbeatProtocol.MAX_FRAME_BYTES);
            assertEquals(frame, HeartbeatCodec.decode(again));
        }
    }
}
