package io.github.pgconmgr.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WireTextTest {

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void takesTextUpToTheLimitAndNotAByteMore() throws MalformedMessageException {
        assertEquals("äbc", WireText.decode(bytes("äbc"), 4));
        assertThrows(MalformedMessageException.class, () -> WireText.decode(bytes("äbc"), 3));
    }

    @Test
    void refusesWhatCouldForgeALogLine() {
        assertThrows(MalformedMessageException.class, () -> WireText.decode(bytes("a\nLOG: forged"), 50));
        assertThrows(IllegalArgumentException.class, () -> WireText.encode("a\u0000b", 50));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        ByteBuffer overlong = ByteBuffer.wrap(new byte[] {(byte) 0xC0, (byte) 0xAF});
        assertThrows(MalformedMessageException.class, () -> WireText.decode(overlong, 50));
    }

    @Test
    void fitCutsAtACharactersBorderAndReplacesControls() {
        assertEquals("ab?", WireText.fit("ab\ncd", 3));
        assertEquals("a", WireText.fit("aä", 2));
        assertEquals("?", WireText.fit("\uD800", 4));
    }

    @Test
    void aStringWithoutItsNulIsRefused() throws MalformedMessageException {
        ByteBuffer two = bytes("ab\0cd");
        assertEquals("ab", WireText.decodeUntilNul(two, 10));
        assertThrows(MalformedMessageException.class, () -> WireText.decodeUntilNul(two, 10));
    }
}
