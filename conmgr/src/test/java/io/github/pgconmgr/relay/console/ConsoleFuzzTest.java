package io.github.pgconmgr.relay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** The console under Jazzer: whatever a client sends, it gets whole messages, few bytes, and no exception. */
class ConsoleFuzzTest {

    private static final int CHUNK = 16 * 1024;

    @FuzzTest(maxDuration = "24h")
    void anyBytesAreAnsweredWithWholeMessages(byte[] bytes) {
        ConsoleSession session = new ConsoleSession(Pictures::busy);
        for (int from = 0; from < bytes.length; from += CHUNK) {
            ByteBuffer answer = session.onBytes(ByteBuffer.wrap(bytes, from, Math.min(CHUNK, bytes.length - from)));
            assertTrue(answer.remaining() < 2 * ConsoleSession.MAX_ANSWER_BYTES);
            while (answer.hasRemaining()) {
                answer.get();
                answer.position(answer.position() + answer.getInt(answer.position()));
            }
            assertEquals(0, answer.remaining());
        }
    }
}
