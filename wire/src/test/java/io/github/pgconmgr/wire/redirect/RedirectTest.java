package io.github.pgconmgr.wire.redirect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.wire.Golden;
import io.github.pgconmgr.wire.Lsn;
import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {

    private static final Map<String, RedirectAnswer> ANSWERS = Map.of(
            "instance", new RedirectAnswer.Instance(2, 27500, "db2.example", "10.0.0.2", "primary"),
            "instance-min-lsn",
                    new RedirectAnswer.Instance(2, 27500, "db2.example", "10.0.0.2", "standby", 0x1_06B3_74D8L),
            "refusal", new RedirectAnswer.Refusal("08001", "no primary is known"),
            "down", new RedirectAnswer.Down(2, "no heartbeat for 20.0 s"));

    /** In the body of instance-min-lsn. */
    private static final int PAIRS_AT = 35;

    private static final LsnWish WISH = new LsnWish(0x1_06B3_74D8L, 5000);

    private static RedirectRequest request() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("application_name", "orders");
        details.put("pid", "4711");
        return new RedirectRequest(0, TargetAttribute.READ_WRITE, details);
    }

    static Stream<String> names() {
        return ANSWERS.keySet().stream().sorted();
    }

    private static RedirectAnswer decode(ByteBuffer message) throws MalformedMessageException {
        byte type = message.get(0);
        int bytes = RedirectAnswer.bodyBytes(message.getInt(1));
        return RedirectAnswer.decodeBody(type, message.slice(RedirectAnswer.HEADER_BYTES, bytes));
    }

    @Test
    void requestIsTheGoldenBytes() throws MalformedMessageException {
        assertEquals(Golden.hex(Golden.read("request")), Golden.hex(request().encode()));
        assertEquals(request(), RedirectRequest.decode(Golden.read("request")));
        assertTrue(RedirectRequest.isRedirect(Golden.read("request")));
    }

    @Test
    void aRequestWithAWishIsTheGoldenBytes() throws MalformedMessageException {
        RedirectRequest wishing =
                new RedirectRequest(0, TargetAttribute.STANDBY, request().details()).wishing(WISH);
        assertEquals(Golden.hex(Golden.read("request-min-lsn")), Golden.hex(wishing.encode()));
        assertEquals(wishing, RedirectRequest.decode(Golden.read("request-min-lsn")));
        assertTrue(wishing.readsPairs());
        assertFalse(request().readsPairs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"min_lsn=", "min_lsn=1", "min_lsn=0/123456789", "min_lsn=x/1", "min_lsn=0/1/2"})
    void anLsnThatIsNoneIsRefused(String pair) {
        assertThrows(MalformedMessageException.class, () -> RedirectRequest.decode(with(pair)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait_ms=", "wait_ms=-1", "wait_ms=1s", "wait_ms=1234567890"})
    void aWaitThatIsNoneIsRefused(String pair) {
        assertThrows(MalformedMessageException.class, () -> RedirectRequest.decode(with(pair)));
    }

    private static ByteBuffer with(String pair) {
        String[] parts = pair.split("=", 2);
        return new RedirectRequest(0, TargetAttribute.ANY, Map.of(parts[0], parts[1])).encode();
    }

    @Test
    void pairsOfALaterConmgrAreSkippedAndAStandbysWishComesBackAsItWas() throws MalformedMessageException {
        ByteBuffer whole = Golden.read("instance");
        ByteBuffer longer = ByteBuffer.allocate(100)
                .put(whole)
                .put("new\0value\0\0".getBytes(UTF_8))
                .flip();
        longer.putInt(1, longer.remaining() - 1);
        assertEquals(ANSWERS.get("instance"), decode(longer));
        assertEquals(-1, Lsn.parse(Lsn.text(-1)).orElseThrow());
        assertEquals("FFFFFFFF/FFFFFFFF", Lsn.text(-1));
    }

    @ParameterizedTest
    @MethodSource("names")
    void answersAreTheGoldenBytes(String name) throws MalformedMessageException {
        assertEquals(Golden.hex(Golden.read(name)), Golden.hex(ANSWERS.get(name).encode()));
        assertEquals(ANSWERS.get(name), decode(Golden.read(name)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyTruncatedAnswerIsRefused(String name) {
        ByteBuffer whole = Golden.read(name);
        byte type = whole.get(0);
        int bytes = whole.remaining() - RedirectAnswer.HEADER_BYTES;
        for (int length = 0; length < bytes; length++) {
            ByteBuffer cut = whole.slice(RedirectAnswer.HEADER_BYTES, length);
            if (name.equals("instance-min-lsn") && length == PAIRS_AT) {
                continue; // complete without its pairs as well
            }
            assertThrows(MalformedMessageException.class, () -> RedirectAnswer.decodeBody(type, cut), name + length);
        }
    }

    @Test
    void everyTruncatedRequestIsRefused() {
        ByteBuffer whole = Golden.read("request");
        for (int length = 0; length < whole.remaining(); length++) {
            ByteBuffer cut =
                    ByteBuffer.allocate(length).put(whole.slice(0, length)).flip();
            if (length >= 4) {
                cut.putInt(0, length);
            }
            assertThrows(MalformedMessageException.class, () -> RedirectRequest.decode(cut), "of " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3, RedirectProtocol.MAX_ANSWER_BYTES + 1, Integer.MAX_VALUE})
    void answerLengthsAreCheckedBeforeAnythingIsAllocated(int length) {
        assertThrows(MalformedMessageException.class, () -> RedirectAnswer.bodyBytes(length));
    }

    @Test
    void stockDriversFirstBytesAreNotARedirect() {
        ByteBuffer sslRequest =
                ByteBuffer.allocate(8).putInt(8).putInt(80877103).flip();
        ByteBuffer gssRequest =
                ByteBuffer.allocate(8).putInt(8).putInt(80877104).flip();
        ByteBuffer startup = ByteBuffer.allocate(20)
                .putInt(20)
                .putInt(196608)
                .putInt(0x75736572)
                .flip();
        assertFalse(RedirectRequest.isRedirect(sslRequest));
        assertFalse(RedirectRequest.isRedirect(gssRequest));
        assertFalse(RedirectRequest.isRedirect(startup));
    }

    @Test
    void anUnknownAttributeOrVersionIsRefused() {
        ByteBuffer unknown = Golden.read("request");
        unknown.put(16 + "target_session_attrs".length() + 1, (byte) 'X');
        assertThrows(MalformedMessageException.class, () -> RedirectRequest.decode(unknown));
        ByteBuffer version = Golden.read("request").putShort(12, (short) 2);
        assertThrows(MalformedMessageException.class, () -> RedirectRequest.decode(version));
    }

    @Test
    void aRequestHoldsAtMostThirtyTwoPairs() throws MalformedMessageException {
        Map<String, String> details = new LinkedHashMap<>();
        for (int i = 1; i < RedirectProtocol.MAX_PAIRS; i++) {
            details.put("key" + i, "v");
        }
        RedirectRequest full = new RedirectRequest(0, TargetAttribute.ANY, details);
        assertEquals(full, RedirectRequest.decode(full.encode()));
        details.put("one more", "v");
        RedirectRequest tooMany = new RedirectRequest(0, TargetAttribute.ANY, details);
        assertThrows(MalformedMessageException.class, () -> RedirectRequest.decode(tooMany.encode()));
    }

    @Test
    void noBytesButAMessageEverGetThrough() {
        Random random = new Random(7);
        byte[] types = {'c', 'e', 'd', 'x'};
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            ByteBuffer request = ByteBuffer.allocate(16 + bytes.length).putInt(16 + bytes.length);
            request.putInt(RedirectProtocol.GSSENC_REQUEST_CODE)
                    .putInt(RedirectProtocol.MAGIC)
                    .putInt(1 << 16);
            request.put(bytes).flip();
            assertThrows(MalformedMessageException.class, () -> RedirectRequest.decode(request));
            try {
                RedirectAnswer.decodeBody(types[round % 4], ByteBuffer.wrap(bytes));
            } catch (MalformedMessageException expected) {
                assertFalse(expected.getMessage().isEmpty());
            } // anything else fails the test
        }
    }
}
