package io.github.pgconmgr.watchdog.tick;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.watchdog.peer.AddressBlock;
import io.github.pgconmgr.watchdog.peer.AllowedConmgrs;
import io.github.pgconmgr.watchdog.peer.Contact;
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
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.net.Inet6Address;
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
    private static final int SECRET_AT = 17 + 2 + 2 * 18 + 2 + 4 + 8 + 8 + 4;

    private static final String MACHINE = "0123456789abcdef0123456789abcdef";
    private static final Contact CONTACT = new Contact(0x0006400000000001L, 0x0006400000000002L, 1234, "0.1.0");

    private static PeerAddress address(String text) {
        try {
            return PeerAddress.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static List<PeerRow> rows(Contact contact) {
        HostIdentity host = new HostIdentity(MACHINE, "11111111-2222-3333-4444-555555555555", 0xF0000001L);
        return List.of(
                new PeerRow(
                        address("192.0.2.7"),
                        54321,
                        true,
                        true,
                        new HeartbeatSettings(10_000, 20_000),
                        FIRST_CONMGR,
                        host,
                        contact),
                new PeerRow(
                        address("2001:db8::9"),
                        1025,
                        true,
                        false,
                        new HeartbeatSettings(250, 1000),
                        SECOND_CONMGR,
                        HostIdentity.UNKNOWN,
                        Contact.NONE));
    }

    @Test
    void theFirstTickBringsTheSettingsAndTheRowsToAdopt() throws Exception {
        TickInput input = TickInput.decode(GoldenFile.read("tick-input-first.hex"));
        List<ListenAddress> listenOn = List.of(
                ListenAddress.ALL,
                new ListenAddress(InetAddress.getByName("192.0.2.1")),
                new ListenAddress(InetAddress.getByName("fe80::1")));
        AllowedConmgrs allowed = new AllowedConmgrs(
                List.of(new AddressBlock(address("192.0.2.0"), 24), new AddressBlock(address("2001:db8::"), 33)));
        FirstTick first = new FirstTick(
                27545, 100, 0x6a0b0c0d01020304L, 0x0006400000000001L, 9, SECRET, listenOn, rows(Contact.NONE), 0);
        InstanceState state = new InstanceState(true, false, false, 3, 0x10000002aL);
        assertEquals(new TickInput(false, state, SharedAddress.Rule.END, allowed, null, first), input);
        InetAddress linkLocal = Objects.requireNonNull(
                Objects.requireNonNull(input.firstTick()).listenOn().get(2).address());
        assertEquals(3, ((Inet6Address) linkLocal).getScopeId());
    }

    @Test
    void aLaterTickBringsTheStateOnly() throws Exception {
        TickInput input = TickInput.decode(GoldenFile.read("tick-input.hex"));
        InstanceState state = new InstanceState(false, true, true, 3, 0xffffffffffL);
        assertEquals(new TickInput(true, state, SharedAddress.Rule.SPARE, null, null, null), input);
    }

    @Test
    void aTickBringsTheUpstreamWhenItIsNew() throws Exception {
        TickInput input = TickInput.decode(GoldenFile.read("tick-input-upstream.hex"));
        InstanceState state = new InstanceState(true, false, false, 3, 42);
        assertEquals(
                new TickInput(false, state, SharedAddress.Rule.SPARE, null, new Upstream("db1", 5432), null), input);
    }

    @Test
    @Proves("S4")
    void theAnswerHoldsRowsJudgementsAndLogLines() throws Exception {
        long now = 50_000_000_000L;
        Judgement timeout = new Judgement(
                address("192.0.2.7"),
                FIRST_CONMGR,
                MACHINE,
                Judgement.Reason.TIMEOUT,
                20_001_999_999L,
                now - 4_000_001);
        Judgement goodbye = new Judgement(
                address("2001:db8::9"), SECOND_CONMGR, "", Judgement.Reason.GOODBYE, 0, now - 7_000_000_000L);
        List<LogLine> log =
                List.of(new LogLine(LogLevel.LOG, "conmgr gone"), new LogLine(LogLevel.WARNING, "caf\u00e9\n"));
        TickOutput output = new TickOutput(rows(CONTACT), false, true, List.of(timeout, goodbye), log);
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
        flags[2] = 8;
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
    void aVersionOfAnyLengthAndAlphabetFitsItsField() {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        rows(new Contact(1, 2, 3, "\u00e9" + "9".repeat(63))).get(0).encode(bytes);
        assertEquals(232, bytes.position());
        assertEquals("?" + "9".repeat(31), new String(bytes.array(), 200, 32, StandardCharsets.US_ASCII));
    }

    @Test
    void impossibleAddressesAndAFirstTickWithoutWhoMayConnectAreErrors() throws Exception {
        byte[] whole = GoldenFile.read("tick-input-first.hex");
        int blocks = 17 + 2;
        int listen = SECRET_AT + 2 + 16 + 2;
        for (int[] change : new int[][] {{2, 1}, {blocks, 5}, {blocks + 17, 33}, {blocks + 35, 129}, {listen, 5}}) {
            byte[] bytes = whole.clone();
            bytes[change[0]] = (byte) change[1];
            assertThrows(MalformedMessageException.class, () -> TickInput.decode(bytes), Arrays.toString(change));
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
        bytes[bytes.length - 2 * PeerRow.BYTES] = 5;
        FirstTick first = Objects.requireNonNull(TickInput.decode(bytes).firstTick());
        assertEquals(rows(Contact.NONE).subList(1, 2), first.rows());
        assertEquals(1, first.unreadableRows());
    }

    @Test
    void aRowHasItsFixedSizeAndComesBackAsItWas() throws Exception {
        for (PeerRow row : rows(Contact.NONE)) {
            ByteBuffer bytes = ByteBuffer.allocate(1000);
            row.encode(bytes);
            assertEquals(232, bytes.position());
            assertEquals(row, PeerRow.decode(bytes.flip()));
        }
    }
}
