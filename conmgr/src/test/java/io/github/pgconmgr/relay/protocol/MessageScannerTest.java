package io.github.pgconmgr.relay.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageScannerTest {

    /** Writes down what it gets, and puts the bytes together again. */
    private static final class Recorder implements MessageSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<String> messages = new ArrayList<>();
        private boolean inside;

        @Override
        public boolean wantsWhole(int type, int length) {
            return type == 'W';
        }

        @Override
        public void onMessage(int type, ByteBuffer buffer, int from, int to) {
            assertFalse(inside);
            assertEquals(type, buffer.get(from));
            assertEquals(to - from - 1, buffer.getInt(from + 1));
            messages.add((char) type + " " + (to - from));
            add(buffer, from, to);
        }

        @Override
        public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
            assertEquals(place != Place.FIRST, inside);
            assertTrue(type != 'W' || to - from > 0);
            inside = place != Place.LAST;
            if (place == Place.FIRST) {
                messages.add((char) type + " " + (buffer.getInt(from + 1) + 1));
            }
            add(buffer, from, to);
        }

        private void add(ByteBuffer buffer, int from, int to) {
            byte[] copy = new byte[to - from];
            buffer.get(from, copy);
            bytes.writeBytes(copy);
        }
    }

    private static byte[] message(char type, int bodyBytes, Random random) {
        byte[] body = new byte[bodyBytes];
        random.nextBytes(body);
        return ByteBuffer.allocate(5 + bodyBytes)
                .put((byte) type)
                .putInt(4 + bodyBytes)
                .put(body)
                .array();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void messagesAreTheSameInWhateverChunksTheyCome(long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 500; number++) {
            char type = random.nextBoolean() ? 'W' : 'D';
            int bodyBytes = random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(12);
            stream.writeBytes(message(type, bodyBytes, random));
            expected.add(type + " " + (bodyBytes + 5));
        }
        byte[] all = stream.toByteArray();
        Recorder recorder = new Recorder();
        MessageScanner scanner = new MessageScanner();
        int at = 0;
        while (at < all.length) {
            int size = Math.min(
                    all.length - at, random.nextInt(5) == 0 ? 1 + random.nextInt(30_000) : 1 + random.nextInt(9));
            scanner.scan(ByteBuffer.wrap(all, at, size), recorder);
            at += size;
        }
        assertEquals(expected, recorder.messages, "seed " + seed);
        assertArrayEquals(all, recorder.bytes.toByteArray(), "seed " + seed);
        assertTrue(scanner.isBetweenMessages());
    }

    @Test
    void itIsInsideAMessageFromItsFirstByteToItsLast() {
        byte[] message = message('W', 3, new Random(1));
        MessageScanner scanner = new MessageScanner();
        Recorder recorder = new Recorder();
        for (int index = 0; index < message.length; index++) {
            scanner.scan(ByteBuffer.wrap(message, index, 1), recorder);
            assertEquals(index == message.length - 1, scanner.isBetweenMessages(), "byte " + index);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 0, -1, Integer.MIN_VALUE, 0x40000000})
    void aLengthThatCannotBeIsMalformed(int length) {
        ByteBuffer chunk = ByteBuffer.allocate(5).put((byte) 'Q').putInt(length).flip();
        MessageScanner scanner = new MessageScanner();
        assertThrows(MalformedException.class, () -> scanner.scan(chunk, new Recorder()));
    }

    @Test
    void theLongestMessageIsNotAllocatedFor() {
        ByteBuffer chunk =
                ByteBuffer.allocate(5).put((byte) 'W').putInt(0x3fffffff).flip();
        MessageScanner scanner = new MessageScanner();
        Recorder recorder = new Recorder();
        scanner.scan(chunk, recorder);
        assertEquals(List.of("W " + 0x40000000), recorder.messages);
    }
}
