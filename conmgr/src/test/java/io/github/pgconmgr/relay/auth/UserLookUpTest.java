package io.github.pgconmgr.relay.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** One run of auth_query, and how long its answer is kept. */
class UserLookUpTest {

    private static final String EVIL = "joe'; DROP TABLE users; --";

    @Test
    void theNameIsABindParameterAndNothingElse() {
        String question = StandardCharsets.ISO_8859_1
                .decode(new UserLookUp("SELECT $1", EVIL).question())
                .toString();
        String parse = "P" + length(4 + 1 + 9 + 1 + 2) + "\0SELECT $1\0\0\0";
        String bind = "B" + length(4 + 2 + 2 + 2 + 4 + EVIL.length() + 2) + "\0\0\0\0\0\1" + length(EVIL.length())
                + EVIL + "\0\0";
        assertEquals(parse + bind + "E" + length(9) + "\0" + length(2) + "S" + length(4), question);
    }

    private static String length(int length) {
        return Ascii.text(ByteBuffer.allocate(4).putInt(length).array());
    }

    @Test
    void aRowIsTheUsersPassword() {
        LookedUp.Found found = assertInstanceOf(LookedUp.Found.class, answer("joe", "secret"));
        assertEquals(new StoredPassword.Plain(Ascii.bytes("secret")), found.password());
    }

    @Test
    void noRowOrNoPasswordIsNoUser() {
        assertInstanceOf(LookedUp.Unknown.class, answer());
        assertInstanceOf(LookedUp.Unknown.class, answer("joe", null));
    }

    @Test
    void whatCannotBeTheAnswerFails() {
        failed("another user", answer("ann", "secret"));
        failed("another user", answer(null, "secret"));
        failed("two columns", answer("joe"));
        failed("not valid", answer("joe", "SCRAM-SHA-256$nonsense"));
        failed("not valid", answer("joe", "x".repeat(3000)));
        failed("malformed", raw('D', "\0\2\0\0\0\3joe\0\0\0\5x"));
        failed("malformed", raw('D', "\0\2\u00ff\u00ff\u00ff\u00f0"));
        failed("two columns", raw('D', ""));
        failed("permission denied", raw('E', "SERROR\0Mpermission denied\0\0"));
        failed("unknown error", raw('E', "S"));
        failed("unexpected", new UserLookUp("", "joe").onMessage((byte) 'G', ByteBuffer.allocate(0)));
        UserLookUp two = new UserLookUp("", "joe");
        two.onMessage((byte) 'D', row("joe", "a"));
        two.onMessage((byte) 'D', row("joe", "b"));
        failed("more than one", end(two));
    }

    private static void failed(String reason, LookedUp answer) {
        String said = assertInstanceOf(LookedUp.Failed.class, answer).reason();
        assertTrue(said.contains(reason), said);
    }

    private static LookedUp answer(String... row) {
        UserLookUp lookUp = new UserLookUp("SELECT 1", "joe");
        assertNull(lookUp.onMessage((byte) '1', ByteBuffer.allocate(0)));
        assertNull(lookUp.onMessage((byte) '2', ByteBuffer.allocate(0)));
        if (row.length > 0) {
            assertNull(lookUp.onMessage((byte) 'D', row(row)));
        }
        assertNull(lookUp.onMessage((byte) 'C', ByteBuffer.allocate(0)));
        return end(lookUp);
    }

    private static LookedUp raw(char type, String body) {
        UserLookUp lookUp = new UserLookUp("SELECT 1", "joe");
        assertNull(lookUp.onMessage((byte) type, ByteBuffer.wrap(Ascii.bytes(body))));
        return end(lookUp);
    }

    private static LookedUp end(UserLookUp lookUp) {
        return lookUp.onMessage((byte) 'Z', ByteBuffer.wrap(Ascii.bytes("I")));
    }

    private static ByteBuffer row(String... columns) {
        ByteBuffer out = ByteBuffer.allocate(4096).putShort((short) columns.length);
        for (String column : columns) {
            out.putInt(column == null ? -1 : column.length()).put(column == null ? new byte[0] : Ascii.bytes(column));
        }
        return out.flip();
    }

    @Test
    void anAnswerIsKeptForFiveSecondsAndOnlySoManyAre() {
        LookUpCache cache = new LookUpCache();
        cache.add("joe", new LookedUp.Unknown(), Logins.NOW);
        cache.add("ann", new LookedUp.Failed("x"), Logins.NOW);
        assertNull(cache.find("ann", Logins.NOW), "a failure is not kept");
        assertInstanceOf(LookedUp.Unknown.class, cache.find("joe", Logins.NOW + LookUpCache.LIFE_NANOS - 1));
        assertNull(cache.find("joe", Logins.NOW + LookUpCache.LIFE_NANOS));
        for (int i = 0; i < LookUpCache.MAX_USERS; i++) {
            cache.add("user" + i, new LookedUp.Unknown(), Logins.NOW);
        }
        assertNull(cache.find("joe", Logins.NOW));
        assertInstanceOf(LookedUp.Unknown.class, cache.find("user0", Logins.NOW));
    }
}
