package io.github.pgconmgr.attribute;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** What an instance answers to a check by SQL, before pgjdbc sees it, under Jazzer (docs/fuzzing.md). */
class AnswerLimitFuzzTest {

    /** The first byte says how it begins and in which pieces it is read. */
    @FuzzTest(maxDuration = "24h")
    void anyAnswerIsReadOrTooLong(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        AnswerLimit.Start start = (bytes[0] & 1) == 0 ? AnswerLimit.Start.MESSAGE : AnswerLimit.Start.TLS_ANSWER;
        int piece = 1 + (Byte.toUnsignedInt(bytes[0]) >> 1);
        byte[] buffer = new byte[piece];
        int read = 0;
        try (AnswerLimit in = new AnswerLimit(new ByteArrayInputStream(bytes, 1, bytes.length - 1), start)) {
            for (int count = in.read(buffer, 0, piece); count > 0; count = in.read(buffer, 0, piece)) {
                read += count;
                assertTrue(read <= AnswerLimit.MAX_ANSWER_BYTES);
            }
        } catch (AnswerLimit.TooLongException e) {
            assertTrue(e.getMessage() != null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
