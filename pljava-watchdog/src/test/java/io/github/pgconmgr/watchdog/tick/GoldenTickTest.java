package io.github.pgconmgr.watchdog.tick;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.peer.SharedAddress;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The bytes that C and Java hand each other (docs/protocol.md, section 3). */
class GoldenTickTest {

    private static final Id128 FIRST_CONMGR = new Id128(0x1011121314151617L, 0x18191a1b1c1d1e1fL);
    private static final Id128 SECOND_CONMGR = new Id128(0xa0a1a2a3a4a5a6a7L, 0xa8a9aaabacadaeafL);

    private static final SharedSecret SECRET = new SharedSecret("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    private static final int SECRET_AT = 17 + 2 + 4 + 8 + 8 + 4;

    private static PeerAddress address(String text) {
        try {
            return PeerAddress.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static List<PeerRow> rows() {
        HostIdentity host = new HostIdentity(
                "0123456789abcdef0123456789abcdef", "11111111-2222-3333-4444-555555555555", 0xF0000001L);
        return List.of(
                new PeerRow(
                        address("192.0.2.7"),
                        54321,
                        true,
                        true,
                        new HeartbeatSettings(10_000, 20_000),
                        FIRST_CONMGR,
                        host),
                new PeerRow(
                        address("2001:db8::9"),
                        1025,
                        true,
                        false,
                        new HeartbeatSettings(250, 1000),
                        SECOND_CONMGR,
                        HostIdentity.UNKNOWN));
    }

    @Test
    void theFirstTickBringsTheSettingsAndTheRowsToAdopt() throws Exception {
        TickInput input = TickInput.decode(GoldenFile.read("tick-input-first.hex"));
        FirstTick first = new FirstTick(27545, 100, 0x6a0b0c0d01020304L, 0x0006400000000001L, 9, SECRET, rows(), 0);
        InstanceState state = new InstanceState(true, false, false, 3, 0x10000002aL);
        assertEquals(new TickInput(false, state, SharedAddress.Rule.END, first), input);
    }

    @Test
    void aLaterTickBringsTheStateOnly() throws Exception {
        TickInput input = TickInput.decode(GoldenFile.read("tick-input.hex"));
        InstanceState state = new InstanceState(false, true, true, 3, 0xffffffffffL);
        assertEquals(new TickInput(true, state, SharedAddress.Rule.SPARE, null), input);
    }

    @Test
    @Proves("S4")
    void theAnswerHoldsRowsJudgementsAndLogLines() throws Exception {
        long now = 50_000_000_000L;
        Judgement timeout = new Judgement(
                address("192.0.2.7"), FIRST_CONMGR, Judgement.Reason.TIMEOUT, 20_001_999_999L, now - 4_000_001);
        Judgement goodbye =
                new Judgement(address("2001:db8::9"), SECOND_CONMGR, Judgement.Reason.GOODBYE, 0, now - 7_000_000_000L);
        List<LogLine> log =
                List.of(new LogLine(LogLevel.LOG, "conmgr gone"), new LogLine(LogLevel.WARNING, "caf\u00e9\n"));
        TickOutput output = new TickOutput(rows(), false, true, List.of(timeout, goodbye), log);
        assertArrayEquals(GoldenFile.read("tick-output.hex"), output.encode(now));
    }

    @Test
    void unchangedRowsAreNotTheSameAsNoRows() {
        byte[] unchanged = new TickOutput(null, true, false, List.of(), List.of()).encode(0);
        byte[] none = new TickOutput(List.of(), true, false, List.of(), List.of()).encode(0);
        assertArrayEquals(new byte[] {0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0}, unchanged);
        assertArrayEquals(new byte[] {0, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0}, none);
    }

    @Test
    void aLongLogLineIsCut() {
        LogLine line = new LogLine(LogLevel.LOG, "x".repeat(5000));
        byte[] bytes = new TickOutput(null, false, false, List.of(), List.of(line)).encode(0);
        assertEquals(11 + 3 + 1000, bytes.length);
    }

    @Test
    void everyTruncationOfATickIsAnError() throws Exception {
        for (String name : List.of("tick-input-first.hex", "tick-input.hex")) {
            byte[] whole = GoldenFile.read(name);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThrows(MalformedMessageException.class, () -> TickInput.decode(cut), name + " at " + length);
            }
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            assertThrows(MalformedMessageException.class, () -> TickInput.decode(longer));
        }
    }

    @Test
    void anotherFormatVersionOrAnUnknownFlagIsAnError() throws Exception {
        byte[] version = GoldenFile.read("tick-input.hex");
        version[1] = 2;
        assertThrows(MalformedMessageException.class, () -> TickInput.decode(version));
        byte[] flags = GoldenFile.read("tick-input.hex");
        flags[2] = 4;
        assertThrows(MalformedMessageException.class, () -> TickInput.decode(flags));
        byte[] shared = GoldenFile.read("tick-input.hex");
        shared[shared.length - 1] = 2;
        assertThrows(MalformedMessageException.class, () -> TickInput.decode(shared));
    }

    @Test
    void aSecretOfLengthZeroIsNoneAndOneOfAnImpossibleLengthIsAnError() throws Exception {
        ByteBuffer whole = ByteBuffer.wrap(GoldenFile.read("tick-input-first.hex"));
        ByteBuffer without = ByteBuffer.allocate(whole.limit() - 16);
        without.put(whole.slice(0, SECRET_AT)).putShort((short) 0);
        without.put(whole.slice(SECRET_AT + 2 + 16, without.remaining()));
        assertNull(Objects.requireNonNull(TickInput.decode(without.array()).firstTick())
                .secret());
        for (int length : List.of(1, SharedSecret.MIN_BYTES - 1, SharedSecret.MAX_BYTES + 1, 0xffff)) {
            byte[] bytes = Arrays.copyOf(whole.array(), 5000);
            ByteBuffer.wrap(bytes).putShort(SECRET_AT, (short) length);
            String reason = String.valueOf(assertThrows(MalformedMessageException.class, () -> TickInput.decode(bytes))
                    .getMessage());
            assertTrue(reason.contains("secret"), reason);
        }
    }

    @Test
    void nothingPrintsTheSecret() throws Exception {
        String printed =
                TickInput.decode(GoldenFile.read("tick-input-first.hex")).toString();
        assertTrue(printed.contains("secret=SharedSecret[hidden]"), printed);
    }

    @Test
    void aRowThatCannotBeReadIsLeftOutAndCounted() throws Exception {
        byte[] bytes = GoldenFile.read("tick-input-first.hex");
        bytes[bytes.length - 400] = 5;
        FirstTick first = Objects.requireNonNull(TickInput.decode(bytes).firstTick());
        assertEquals(rows().subList(1, 2), first.rows());
        assertEquals(1, first.unreadableRows());
    }

    @Test
    void aRowIsTwoHundredBytesAndComesBackAsItWas() throws Exception {
        for (PeerRow row : rows()) {
            ByteBuffer bytes = ByteBuffer.allocate(1000);
            row.encode(bytes);
            assertEquals(PeerRow.BYTES, bytes.position());
            assertEquals(row, PeerRow.decode(bytes.flip()));
        }
    }
}
