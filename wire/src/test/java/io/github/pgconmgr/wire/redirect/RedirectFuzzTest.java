package io.github.pgconmgr.wire.redirect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/** The decoders of both directions of stage 1 under Jazzer (docs/fuzzing.md). */
class RedirectFuzzTest {

    @FuzzTest(maxDuration = "24h")
    void anyBytesAreARequestOrMalformed(byte[] bytes) throws MalformedMessageException {
        RedirectRequest request;
        try {
            request = RedirectRequest.decode(ByteBuffer.wrap(bytes));
        } catch (MalformedMessageException e) {
            return;
        }
        assertTrue(RedirectRequest.isRedirect(ByteBuffer.wrap(bytes)));
        assertEquals(request, RedirectRequest.decode(request.encode()));
    }

    @FuzzTest(maxDuration = "24h")
    void anyBytesAreAnAnswerOrMalformed(byte[] bytes) throws MalformedMessageException {
        RedirectAnswer answer;
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (in.remaining() < RedirectAnswer.HEADER_BYTES) {
                return;
            }
            byte type = in.get();
            int size = RedirectAnswer.bodyBytes(in.getInt());
            if (in.remaining() < size) {
                return;
            }
            answer = RedirectAnswer.decodeBody(type, in.slice(in.position(), size));
        } catch (MalformedMessageException e) {
            return;
        }
        ByteBuffer again = answer.encode();
        byte type = again.get();
        assertEquals(again.remaining() - Integer.BYTES, RedirectAnswer.bodyBytes(again.getInt()));
        assertEquals(answer, RedirectAnswer.decodeBody(type, again));
    }
}
