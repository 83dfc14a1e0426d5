package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who speaks, by every prefix of what they say. */
@Proves("T1")
class FirstBytesTest {

    /** Whole messages of all kinds, as the other tests send them. */
    static ByteBuffer message(int length, int code, int fill) {
        ByteBuffer out = ByteBuffer.allocate(length).putInt(length).putInt(code);
        while (out.hasRemaining()) {
            out.put((byte) fill);
        }
        return out.flip();
    }

    private static void assertOnlyTheWholeIs(FirstBytes expected, ByteBuffer message) {
        for (int size = 0; size < message.limit(); size++) {
            assertEquals(FirstBytes.INCOMPLETE, FirstBytes.of(message.slice(0, size)), "first " + size + " bytes");
        }
        assertEquals(expected, FirstBytes.of(message));
        ByteBuffer more = ByteBuffer.allocate(message.limit() + 1)
                .put(message.duplicate())
                .put((byte) 0)
                .flip();
        assertEquals(FirstBytes.GARBAGE, FirstBytes.of(more), "one byte behind it");
    }

    @Test
    void aRedirectRequestIsKnownWhenItIsComplete() {
        ByteBuffer request = new RedirectRequest(0, TargetAttribute.ANY, Map.of("pid", "1")).encode();
        assertOnlyTheWholeIs(FirstBytes.REDIRECT, request);
    }

    @Test
    void aStartupMessageOfAnyMinorVersionIsKnownWhenItIsComplete() {
        assertOnlyTheWholeIs(FirstBytes.STARTUP, message(40, 3 << 16, 0));
        assertOnlyTheWholeIs(FirstBytes.STARTUP, message(9, (3 << 16) + 9999, 0));
        assertOnlyTheWholeIs(FirstBytes.STARTUP, message(10_000, (3 << 16) + 2, 'x'));
    }

    @Test
    void encryptionRequestsAreExactlyEightBytes() {
        assertOnlyTheWholeIs(FirstBytes.SSL_REQUEST, message(8, 80877103, 0));
        assertOnlyTheWholeIs(FirstBytes.GSSENC_REQUEST, message(8, 80877104, 0));
    }

    @Test
    void aCancelRequestIsKnownByItsCode() {
        assertEquals(FirstBytes.CANCEL, FirstBytes.of(message(16, 80877102, 0)));
        assertEquals(FirstBytes.CANCEL, FirstBytes.of(message(44, 80877102, 0).limit(8)));
    }

    @Test
    void directTlsIsKnownByItsFirstByte() {
        assertEquals(FirstBytes.TLS, FirstBytes.of(ByteBuffer.wrap(new byte[] {0x16})));
    }

    @ParameterizedTest
    @CsvSource({
        "7, 196608",
        "0, 196608",
        "-1, 196608",
        "10001, 196608",
        "10001, 80877104",
        "2147483647, 80877104",
        // Code wrong, or right with a wrong length.
        "20, 131072",
        "20, 262144",
        "9, 80877103",
        "8, 80877102",
        "15, 80877104"
    })
    void aLengthOrCodeThatNobodySendsIsGarbageAtOnce(int length, int code) {
        ByteBuffer header = ByteBuffer.allocate(8).putInt(length).putInt(code).flip();
        assertEquals(FirstBytes.GARBAGE, FirstBytes.of(header));
    }

    @Test
    void aGssencRequestWithAnotherPayloadIsGarbage() {
        assertEquals(
                FirstBytes.GARBAGE, FirstBytes.of(message(16, 80877104, 'x').limit(12)));
    }

    @Test
    void textIsGarbage() {
        assertEquals(FirstBytes.GARBAGE, FirstBytes.of(ByteBuffer.wrap(new byte[] {'G', 'E', 'T', ' '})));
    }
}
