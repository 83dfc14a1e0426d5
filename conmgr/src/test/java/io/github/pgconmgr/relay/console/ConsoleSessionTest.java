package io.github.pgconmgr.relay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.relay.protocol.Query;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol of the console: bytes in, bytes out. */
class ConsoleSessionTest {

    private final ConsoleSession session = new ConsoleSession(Pictures::busy);

    /** The types of the messages that came, in order. */
    private String types(ByteBuffer answer) {
        StringBuilder types = new StringBuilder();
        ByteBuffer left = answer.duplicate();
        while (left.hasRemaining()) {
            types.append((char) left.get());
            int length = left.getInt();
            left.position(left.position() + length - Integer.BYTES);
        }
        return types.toString();
    }

    private ByteBuffer query(String sql) {
        return session.onBytes(Query.encode(sql));
    }

    private static String latin(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }

    private static byte[] message(char type, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteBuffer out = ByteBuffer.allocate(5 + body.size());
        return out.put((byte) type)
                .putInt(4 + body.size())
                .put(body.toByteArray())
                .array();
    }

    private static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] shorts(int... values) {
        ByteBuffer out = ByteBuffer.allocate(2 * values.length);
        for (int value : values) {
            out.putShort((short) value);
        }
        return out.array();
    }

    private static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] parse(String name, String sql) {
        return message('P', text(name), text(sql), shorts(0));
    }

    private static byte[] bind(String portal, String statement, int... formats) {
        return message('B', text(portal), text(statement), shorts(0, 0, formats.length), shorts(formats));
    }

    private static byte[] describe(char kind, String name) {
        return message('D', new byte[] {(byte) kind}, text(name));
    }

    private static byte[] execute(String portal, int limit) {
        return message('E', text(portal), int32(limit));
    }

    private static byte[] sync() {
        return message('S');
    }

    private ByteBuffer send(byte[]... messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] one : messages) {
            all.writeBytes(one);
        }
        return session.onBytes(ByteBuffer.wrap(all.toByteArray()));
    }

    @Test
    void aShowIsAnsweredWithItsRows() {
        assertEquals("TDDDCZ", types(query("SHOW POOLS;")));
        assertTrue(latin(query("SHOW VERSION")).contains("conmgr 0.1.0"));
    }

    @Test
    void anErrorIsToldAndTheSessionGoesOn() {
        assertEquals("EZ", types(query("SELECT nothing")));
        assertEquals("TDCZ", types(query("SHOW VERSION")));
        assertEquals("IZ", types(query(" ; ")));
    }

    @Test
    void helpIsANotice() {
        assertEquals("NCZ", types(query("SHOW HELP")));
    }

    @Test
    void whatDriversSendOnTheirOwnIsAnswered() {
        assertEquals("NCZ", types(query("SET extra_float_digits = 3")));
        assertEquals("TDCZ", types(query("SELECT 1")));
        assertEquals("TDCZ", types(query("SHOW TRANSACTION ISOLATION LEVEL")));
        assertEquals("CZ", types(query("DISCARD ALL")));
    }

    @Test
    void aTransactionIsOpenUntilItsEnd() {
        assertTrue(latin(query("BEGIN")).endsWith("T"));
        assertTrue(latin(query("SHOW VERSION")).endsWith("T"));
        assertTrue(latin(query("COMMIT")).endsWith("I"));
    }

    @Test
    void bytesMayComeOneByOne() {
        ByteBuffer query = Query.encode("SHOW VERSION;");
        StringBuilder all = new StringBuilder();
        while (query.hasRemaining()) {
            all.append(types(session.onBytes(ByteBuffer.wrap(new byte[] {query.get()}))));
        }
        assertEquals("TDCZ", all.toString());
    }

    @Test
    void theExtendedProtocolGivesTheSameRows() {
        assertEquals(
                "12TDDDCZ",
                types(send(parse("", "SHOW POOLS"), bind("", ""), describe('P', ""), execute("", 0), sync())));
        assertEquals("1tTZ", types(send(parse("s", "SHOW POOLS"), describe('S', "s"), sync())));
        assertEquals("2DDDC3Z", types(send(bind("", "s"), execute("", 0), message('C', text("Ss")), sync())));
    }

    @Test
    void aCommandWithoutRowsIsDescribedAsSuch() {
        assertEquals(
                "1tn2CZ", types(send(parse("", "BEGIN"), describe('S', ""), bind("", ""), execute("", 0), sync())));
    }

    @Test
    void rowsMayBeFetchedInPortions() {
        assertEquals(
                "12DDsDCZ", types(send(parse("", "SHOW POOLS"), bind("", ""), execute("", 2), execute("", 2), sync())));
    }

    @Test
    void anErrorSkipsEverythingUpToSync() {
        assertEquals("1EZ", types(send(parse("", "SHOW X"), bind("", ""), execute("", 0), sync())));
        assertEquals("EZ", types(send(bind("", "nothing"), execute("", 0), sync())));
        assertEquals("EZ", types(send(execute("nothing", 0), parse("", "SHOW POOLS"), sync())));
        assertEquals("TDCZ", types(query("SHOW VERSION")));
    }

    @Test
    void numbersGoOutInBinaryWhereTheyAreAskedFor() {
        String rows = latin(send(parse("", "SHOW LISTS"), bind("", "", 0, 1), execute("", 0), sync()));
        assertTrue(rows.contains("databases\0\0\0\4\0\0\0\2"), rows);
        String sums = latin(send(parse("", "SHOW TOTALS"), bind("", "", 0, 1), execute("", 0), sync()));
        // 123,456,790 is 1, 2345, 6790 in base 10,000.
        assertTrue(sums.contains("total_xact_count\0\0\0\u000e\0\3\0\2\0\0\0\0\0\1\u0009)\u001a\u0086"), sums);
        assertTrue(sums.contains("total_query_count\0\0\0\u0008\0\0\0\0\0\0\0\0"), sums);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -1})
    void anUnknownFormatIsAnError(int format) {
        assertEquals("1EZ", types(send(parse("", "SHOW LISTS"), bind("", "", format), sync())));
    }

    @Test
    void formatsThatDoNotFitTheColumnsAreAnError() {
        assertEquals("1EZ", types(send(parse("", "SHOW LISTS"), bind("", "", 0, 0, 0), sync())));
    }

    @Test
    void statementsHaveALimit() {
        for (int i = 0; i < ConsoleProtocol.MAX_STATEMENTS; i++) {
            assertEquals("1", types(send(parse("s" + i, "SHOW VERSION"))));
        }
        assertEquals("EZ", types(send(parse("more", "SHOW VERSION"), sync())));
        assertEquals("1Z", types(send(parse("s0", "SHOW VERSION"), sync())));
    }

    @Test
    void terminateEndsTheSessionWithoutAnAnswer() {
        assertEquals("", types(send(message('X'), Query.encode("SHOW POOLS").array())));
        assertTrue(session.isEnded());
    }

    @Test
    void aQueryAtTheLimitIsTakenAndOneBehindItEndsTheSession() {
        String blanks = " ".repeat(ConsoleSession.MAX_MESSAGE_BYTES - 6 - "SHOW VERSION".length());
        assertEquals("TDCZ", types(query("SHOW VERSION" + blanks)));
        assertFalse(session.isEnded());
        assertEquals("E", types(query("SHOW VERSION " + blanks)));
        assertTrue(session.isEnded());
    }

    @Test
    void aLongMessageThatHasOnlyBegunEndsTheSession() {
        assertEquals("E", types(session.onBytes(ByteBuffer.wrap(new byte[] {'Q', 0x3f, 0, 0, 0, 'S'}))));
        assertTrue(session.isEnded());
    }

    @Test
    void whoDoesNotReadItsAnswersIsEnded() {
        byte[] show = Query.encode("SHOW POOL_POOLS").array();
        byte[][] many = new byte[1_000][];
        java.util.Arrays.fill(many, show);
        ByteBuffer answer = send(many);
        assertTrue(session.isEnded());
        assertTrue(answer.remaining() < 2 * ConsoleSession.MAX_ANSWER_BYTES, answer.remaining() + " bytes");
        assertTrue(latin(answer).contains("more commands than answers were read"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "F", "z", "\u0000", "\u00ff"})
    void aMessageThatNoClientSendsHereEndsTheSession(String type) {
        assertEquals("E", types(send(message(type.charAt(0)))));
        assertTrue(session.isEnded());
    }

    @Test
    void aMessageThatIsCutOrTooLongInsideEndsTheSession() {
        assertEquals("E", types(send(message('Q', "SHOW".getBytes(StandardCharsets.UTF_8)))));
        assertEquals("E", types(new ConsoleSession(Pictures::busy).onBytes(ByteBuffer.wrap(message('S', text(""))))));
        assertEquals(
                "E",
                types(new ConsoleSession(Pictures::busy)
                        .onBytes(ByteBuffer.wrap(message('B', text(""), text(""), shorts(-1))))));
    }
}
