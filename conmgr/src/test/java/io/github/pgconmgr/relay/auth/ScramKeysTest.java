package io.github.pgconmgr.relay.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The arithmetic against the vectors of others. */
class ScramKeysTest {

    @Test
    void theExampleOfRfc7677ComesOutAsPrinted() {
        byte[] salted =
                ScramKeys.saltedPassword(Ascii.bytes("pencil"), Ascii.fromBase64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        String authMessage = "n=user,r=rOprNGfwEbeRWgbNEkqO,"
                + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        byte[] clientKey = ScramKeys.clientKey(salted);
        byte[] signature = ScramKeys.hmac(ScramKeys.hash(clientKey), Ascii.bytes(authMessage));
        assertEquals("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", Ascii.base64(ScramKeys.xor(clientKey, signature)));
        assertEquals(
                "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
                Ascii.base64(ScramKeys.hmac(ScramKeys.serverKey(salted), Ascii.bytes(authMessage))));
    }

    /** The vectors for PBKDF2-HMAC-SHA-256 that go with RFC 6070's inputs, and an empty password, which HMAC allows. */
    @Test
    void saltedPasswordsArePbkdf2() {
        assertEquals(
                "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a",
                HexFormat.of().formatHex(ScramKeys.saltedPassword(Ascii.bytes("password"), Ascii.bytes("salt"), 4096)));
        assertEquals(ScramKeys.BYTES, ScramKeys.saltedPassword(new byte[0], Ascii.bytes("salt"), 1).length);
    }

    /** As PostgreSQL's own test of SASLprep has it. */
    @Test
    void passwordsArePreparedAsPostgresqlPreparesThem() {
        assertEquals("IX", prepared("I\u00ADX"));
        assertEquals("IX", prepared("\u2168"));
        assertEquals("a", prepared("\u00AA"));
        assertEquals("user", prepared("user"));
        assertEquals("\u0007", prepared("\u0007"), "ASCII is not looked at");
        assertEquals("\u06271", prepared("\u06271"), "what SASLprep forbids stays as it is");
        assertEquals("\u00E9\u0007", prepared("\u00E9\u0007"), "what SASLprep forbids stays as it is");
        byte[] notUtf8 = {(byte) 0xff, 'x'};
        assertArrayEquals(notUtf8, PlainKeys.prepare(notUtf8));
    }

    private static String prepared(String text) {
        return new String(PlainKeys.prepare(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    @Test
    void damagedVerifiersAreNone() {
        String good = Logins.verifier("secret", "saltsaltsaltsalt", 4096);
        assertEquals(4096, ScramVerifier.parse(good).iterations());
        assertNull(ScramVerifier.parse(good.replace("4096", "0")));
        assertNull(ScramVerifier.parse(good.replace("4096", "99999999999")));
        assertNull(ScramVerifier.parse(good.substring(0, good.length() - 4)));
        assertNull(ScramVerifier.parse(good + "$"));
        assertNull(ScramVerifier.parse(good.replace(':', '?')));
    }

    @Test
    void nothingPrintsASecret() {
        String verifier = Logins.verifier("secret", "saltsaltsaltsalt", 4096);
        StoredPassword scram = StoredPassword.of(Ascii.bytes(verifier));
        StoredPassword md5 = StoredPassword.of(Ascii.bytes("md5" + "0".repeat(32)));
        StoredPassword plain = StoredPassword.of(Ascii.bytes("hunter2"));
        String printed = "" + scram + md5 + plain + new LookedUp.Found(scram) + Identity.proven("joe", plain)
                + ScramVerifier.parse(verifier)
                + new CancelKeys<>(Logins.random(1)).issue("x", 4).secret();
        for (String secret : new String[] {verifier.substring(verifier.lastIndexOf(':') + 1), "0000", "hunter2"}) {
            assertEquals(-1, printed.indexOf(secret), printed);
        }
    }
}
