package io.github.pgconmgr.attribute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A length is looked at before anybody allocates for it. */
class AnswerLimitTest {

    private static byte[] message(int length, int body) {
        return ByteBuffer.allocate(5 + body).put((byte) 'E').putInt(length).array();
    }

    private static AnswerLimit limit(AnswerLimit.Start start, byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(1 << 20);
        for (byte[] part : parts) {
            all.put(part);
        }
        byte[] bytes = new byte[all.flip().remaining()];
        all.get(bytes);
        return new AnswerLimit(new ByteArrayInputStream(bytes), start);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void messagesUpToTheLimitPassInAnyPieces() throws IOException {
        byte[] longest = message(AnswerLimit.MAX_MESSAGE_BYTES, AnswerLimit.MAX_MESSAGE_BYTES - 4);
        byte[] shortest = message(4, 0);
        assertEquals(
                2L * shortest.length + longest.length,
                limit(AnswerLimit.Start.MESSAGE, shortest, longest, shortest).readAllBytes().length);
        AnswerLimit slow = limit(AnswerLimit.Start.MESSAGE, shortest, shortest);
        for (int i = 0; i < 2 * shortest.length; i++) {
            assertTrue(slow.read() >= 0);
        }
        assertEquals(-1, slow.read());
    }

    @Test
    void aLengthAboveTheLimitOrBelowItsOwnIsAnError() {
        for (int length : new int[] {AnswerLimit.MAX_MESSAGE_BYTES + 1, Integer.MAX_VALUE, 3, 0, -1}) {
            AnswerLimit in = limit(AnswerLimit.Start.MESSAGE, message(4, 0), message(length, 0));
            assertThrows(AnswerLimit.TooLongException.class, in::readAllBytes, () -> "length " + length);
        }
    }

    @Test
    void whatIsNotPostgresqlIsNoticedByItsFirstFiveBytes() {
        AnswerLimit in = limit(AnswerLimit.Start.TLS_ANSWER, ascii("HTTP/1.1 400 Bad Request\r\n"));
        assertThrows(AnswerLimit.TooLongException.class, in::readAllBytes);
    }

    @Test
    void oneByteAnswersTheRequestForTlsAndAnSEndsTheFrames() throws IOException {
        byte[] records = ascii("\u0016\u0003\u0003 these are no frames");
        byte[] all = limit(AnswerLimit.Start.TLS_ANSWER, ascii("S"), records).readAllBytes();
        assertArrayEquals(records, java.util.Arrays.copyOfRange(all, 1, all.length));
        AnswerLimit refusedTls = limit(AnswerLimit.Start.TLS_ANSWER, ascii("N"), message(1 << 20, 0));
        assertThrows(AnswerLimit.TooLongException.class, refusedTls::readAllBytes);
    }

    @Test
    void anEndlessAnswerEndsAndTheNextQuestionCountsAnew() throws IOException {
        byte[] notice = message(60_000, 59_996);
        AnswerLimit in = limit(AnswerLimit.Start.MESSAGE, notice, notice, notice, notice, notice, notice);
        in.readNBytes(4 * notice.length);
        in.begin();
        in.readNBytes(notice.length);
        AnswerLimit endless = limit(AnswerLimit.Start.MESSAGE, notice, notice, notice, notice, notice);
        assertThrows(AnswerLimit.TooLongException.class, endless::readAllBytes);
    }
}
