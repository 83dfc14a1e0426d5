package io.github.pgconmgr.wire.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.wire.Golden;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatCodecTest {

    private static final InstanceState STANDBY = new InstanceState(true, false, false, 7, 0x0123456789ABCDEFL);

    /** As the first conmgrs say it, which take no frame above PROOF. */
    private static final Hello HELLO = hello(HeartbeatProtocol.HIGHEST_FRAME_UNSAID);

    private static Hello hello(int highestFrame) {
        return new Hello(
                1,
                1,
                new HeartbeatSettings(3000, 10000),
                new Id128(0x0011223344556677L, 0x8899AABBCCDDEEFFL),
                new Id128(1, 2),
                new HostIdentity("machine-a", "boot-b", 4026531840L),
                "0.1.0",
                false,
                highestFrame);
    }

    private static final Map<String, HeartbeatFrame> EXAMPLES = examples();

    private static Map<String, HeartbeatFrame> examples() {
        Map<String, HeartbeatFrame> examples = new TreeMap<>();
        examples.put("hello", HELLO);
        examples.put("hello-proving", HELLO.wantingProof());
        examples.put("hello-frames", hello(11));
        examples.put(
                "welcome-frames", new Welcome(1, 0x7000000000000001L, 1_700_000_000_123_456L, STANDBY, "0.1.0", 11));
        examples.put("follow", new Follow(120_000));
        examples.put("upstream", new Upstream("db1.example", 5432));
        examples.put("upstream-none", Upstream.NONE);
        examples.put("challenge", new Challenge(new Id128(5, 6)));
        examples.put(
                "proof-conmgr",
                new Proof(HexFormat.of().parseHex("7af8019081ae055e2b1548b1c50cbad9dfc3bb22e572fb777b9d7b6d9d1df0e8")));
        examples.put(
                "proof-watchdog",
                new Proof(HexFormat.of().parseHex("29c05ef8ff8072d8fa9f06f419e37bb7842e749da7e6804aa45099d527b5b843")));
        examples.put("welcome", new Welcome(1, 0x7000000000000001L, 1_700_000_000_123_456L, STANDBY, "0.1.0"));
        examples.put("refused", new Refused(Refused.FULL, "10 conmgrs are connected"));
        examples.put("beat", new Beat(258, 257, 1500, 0, 0x16B3748L));
        examples.put("state", new StateChange(new InstanceState(false, true, true, 2, 0x3000060L)));
        examples.put("goodbye", new Goodbye(Goodbye.Reason.INSTANCE_STOPPING));
        examples.put("settings", new SettingsChange(new HeartbeatSettings(500, 1500)));
        return examples;
    }

    static Stream<String> names() {
        return EXAMPLES.keySet().stream().sorted();
    }

    private static ByteBuffer body(ByteBuffer frame) {
        return frame.slice(HeartbeatProtocol.LENGTH_BYTES, frame.remaining() - HeartbeatProtocol.LENGTH_BYTES);
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodesToTheGoldenBytes(String name) {
        assertEquals(Golden.hex(Golden.read(name)), Golden.hex(HeartbeatCodec.encode(EXAMPLES.get(name))));
    }

    @ParameterizedTest
    @MethodSource("names")
    void decodesTheGoldenBytes(String name) throws MalformedMessageException {
        assertEquals(EXAMPLES.get(name), HeartbeatCodec.decode(body(Golden.read(name))));
    }

    @ParameterizedTest
    @MethodSource("names")
    void lengthFieldCountsTypeAndPayload(String name) {
        ByteBuffer frame = Golden.read(name);
        assertEquals(frame.remaining() - HeartbeatProtocol.LENGTH_BYTES, Short.toUnsignedInt(frame.getShort(0)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyTruncationIsRefused(String name) {
        ByteBuffer whole = body(Golden.read(name));
        // REFUSED's text and UPSTREAM's host may be of any length; a port needs a host.
        int shortest = switch (name) {
            case "refused" -> 3;
            case "upstream" -> 4;
            default -> whole.remaining();
        };
        for (int length = 0; length < shortest; length++) {
            ByteBuffer cut = whole.slice(0, length);
            if (!endsBetweenItems(name, length)) {
                assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(cut), name + " of " + length);
            }
        }
    }

    /** HELLO and WELCOME are complete without their items as well. */
    private static boolean endsBetweenItems(String name, int length) {
        return switch (name) {
            case "hello" -> length == 49 || length == 62 || length == 72 || length == 84;
            case "hello-proving" -> length == 49 || length == 62 || length == 72 || length == 84 || length == 93;
            case "hello-frames" -> length == 49 || length == 62 || length == 72 || length == 84 || length == 93;
            case "welcome" -> length == 32;
            case "welcome-frames" -> length == 32 || length == 41;
            default -> false;
        };
    }

    @ParameterizedTest
    @MethodSource("names")
    void oneByteTooManyIsRefused(String name) {
        ByteBuffer whole = body(Golden.read(name));
        ByteBuffer longer = ByteBuffer.allocate(whole.remaining() + 1)
                .put(whole)
                .put((byte) 0)
                .flip();
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(longer));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 22, 255})
    void unknownTypesAreRefused(int type) {
        ByteBuffer frame = ByteBuffer.wrap(new byte[] {(byte) type, 0, 0});
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(frame));
    }

    @Test
    void noBytesOtherThanAFrameEverGetThrough() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) random.nextInt(13);
            }
            try {
                HeartbeatCodec.decode(ByteBuffer.wrap(bytes));
            } catch (MalformedMessageException expected) {
                assertFalse(expected.getMessage().isEmpty(), "seed " + seed);
            } // anything else fails the test
        }
    }

    @Test
    void aHelloOfAnotherVersionKeepsOnlyItsVersions() throws MalformedMessageException {
        ByteBuffer future = ByteBuffer.allocate(12).put((byte) 1).putInt(HeartbeatProtocol.MAGIC);
        future.putShort((short) 2).putShort((short) 9).put((byte) 77).flip();
        Hello hello = (Hello) HeartbeatCodec.decode(future);
        assertFalse(hello.speaksOurVersion());
        assertEquals(2, hello.lowestVersion());
        assertEquals(9, hello.highestVersion());
    }

    @Test
    void unknownItemsAreSkippedAndDoubledOnesRefused() throws MalformedMessageException {
        ByteBuffer whole = body(Golden.read("hello"));
        ByteBuffer extended = ByteBuffer.allocate(200).put(whole.duplicate());
        extended.putShort((short) 99).putShort((short) 2).putShort((short) 0).flip();
        assertEquals(EXAMPLES.get("hello"), HeartbeatCodec.decode(extended));

        ByteBuffer doubled = ByteBuffer.allocate(200).put(whole);
        doubled.putShort((short) 1).putShort((short) 1).put((byte) 'x').flip();
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(doubled));
    }

    @Test
    void sixteenItemsAreTakenAndSeventeenAreNot() throws MalformedMessageException {
        ByteBuffer fixed = body(Golden.read("hello")).slice(0, 49);
        HeartbeatCodec.decode(withItems(fixed, HeartbeatProtocol.MAX_ITEMS));
        assertThrows(
                MalformedMessageException.class,
                () -> HeartbeatCodec.decode(withItems(fixed, HeartbeatProtocol.MAX_ITEMS + 1)));
    }

    private static ByteBuffer withItems(ByteBuffer fixed, int items) {
        ByteBuffer frame = ByteBuffer.allocate(300).put(fixed.duplicate());
        for (int tag = 100; tag < 100 + items; tag++) {
            frame.putShort((short) tag).putShort((short) 0);
        }
        return frame.flip();
    }

    @Test
    void zeroAndNegativeIntervalsAreRefused() {
        ByteBuffer hello =
                ByteBuffer.allocate(200).put(body(Golden.read("hello"))).flip();
        hello.putInt(9, 0);
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(hello.duplicate()));
        hello.putInt(9, -1);
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(hello.duplicate()));
    }

    @Test
    void settingsOfZeroAreRefused() {
        ByteBuffer settings =
                ByteBuffer.allocate(20).put(body(Golden.read("settings"))).flip();
        settings.putInt(5, 0);
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(settings));
    }

    @Test
    void aPeerThatSaysNothingOfItsFramesTakesTheFirstNine() throws MalformedMessageException {
        assertEquals(9, ((Hello) HeartbeatCodec.decode(body(Golden.read("hello")))).highestFrame());
        assertEquals(11, ((Hello) HeartbeatCodec.decode(body(Golden.read("hello-frames")))).highestFrame());
        ByteBuffer absurd =
                ByteBuffer.allocate(200).put(body(Golden.read("hello-frames"))).flip();
        absurd.putLong(absurd.limit() - 8, -5_000_000_000L);
        assertEquals(9, ((Hello) HeartbeatCodec.decode(absurd.duplicate())).highestFrame());
        absurd.putLong(absurd.limit() - 8, Long.MAX_VALUE);
        assertEquals(Integer.MAX_VALUE, ((Hello) HeartbeatCodec.decode(absurd)).highestFrame());
    }

    @Test
    void anUpstreamIsAHostAndAPortOrNeither() {
        ByteBuffer upstream =
                ByteBuffer.allocate(20).put(body(Golden.read("upstream"))).flip();
        upstream.putShort(1, (short) 0);
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(upstream));
        ByteBuffer endless = ByteBuffer.allocate(300).put((byte) 11).putShort((short) 1);
        while (endless.position() < 3 + Upstream.MAX_HOST_BYTES + 1) {
            endless.put((byte) 'x');
        }
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(endless.flip()));
    }

    @Test
    void aNegativeFollowIsRefused() {
        ByteBuffer follow = ByteBuffer.allocate(5).put((byte) 10).putInt(-1).flip();
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(follow));
    }

    @Test
    void unknownStateFlagsAreRefused() {
        ByteBuffer state =
                ByteBuffer.allocate(20).put(body(Golden.read("state"))).flip();
        state.put(1, (byte) 8);
        assertThrows(MalformedMessageException.class, () -> HeartbeatCodec.decode(state));
    }

    @Test
    void assemblerCutsAStreamOfSingleBytesIntoFrames() throws MalformedMessageException {
        FrameAssembler assembler = new FrameAssembler();
        ByteBuffer stream = ByteBuffer.allocate(100)
                .put(Golden.read("beat"))
                .put(Golden.read("goodbye"))
                .flip();
        int frames = 0;
        while (stream.hasRemaining()) {
            assembler.inbound().put(stream.get());
            HeartbeatFrame frame = assembler.next();
            if (frame != null) {
                assertEquals(EXAMPLES.get(frames++ == 0 ? "beat" : "goodbye"), frame);
            }
        }
        assertEquals(2, frames);
        assertNull(assembler.next());
    }

    @Test
    void assemblerTakesTheLongestFrameAndRefusesLongerOnesBeforeTheyArrive() throws MalformedMessageException {
        FrameAssembler assembler = new FrameAssembler();
        assembler.inbound().putShort((short) HeartbeatProtocol.MAX_FRAME_BYTES);
        assertNull(assembler.next());
        assertEquals(HeartbeatProtocol.MAX_FRAME_BYTES, assembler.inbound().remaining());

        FrameAssembler refusing = new FrameAssembler();
        refusing.inbound().putShort((short) (HeartbeatProtocol.MAX_FRAME_BYTES + 1));
        assertThrows(MalformedMessageException.class, refusing::next);
        FrameAssembler empty = new FrameAssembler();
        empty.inbound().putShort((short) 0);
        assertThrows(MalformedMessageException.class, empty::next);
    }
}
