package io.github.pgconmgr.relay.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.pgconmgr.config.AuthType;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

/** What holds for every user and password. */
class LoginPropertiesTest {

    @Property(tries = 100)
    void whoKnowsAnyPasswordGetsInAndWhoKnowsAnotherDoesNot(
            @ForAll @StringLength(min = 1, max = 20) @CharRange(from = '\u0001', to = '\ufffd') String name,
            @ForAll @StringLength(min = 1, max = 20) @CharRange(from = '\u0001', to = '\ufffd') String password) {
        String user = utf8(name);
        String secret = utf8(password);
        if (user.indexOf('\n') >= 0 || secret.indexOf('\n') >= 0) {
            return;
        }
        for (AuthType type : new AuthType[] {AuthType.MD5, AuthType.SCRAM_SHA_256}) {
            Authenticator authenticator = Logins.authenticator(type, Logins.entry(user, secret));
            assertInstanceOf(AuthStep.Accepted.class, play(authenticator, user, secret));
            assertInstanceOf(AuthStep.Refused.class, play(authenticator, user, secret + "x"));
        }
    }

    /** Lone surrogates are no text. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static AuthStep play(Authenticator authenticator, String user, String password) {
        return Logins.play(authenticator.client(user, Logins.PEER, null), Logins.knowing(user, password));
    }

    @Property
    void anyNameAndPasswordSurviveTheFile(
            @ForAll @StringLength(min = 1, max = 20) @CharRange(from = ' ', to = '~') String user,
            @ForAll @StringLength(max = 40) @CharRange(from = ' ', to = '~') String password) {
        assertEquals(
                new StoredPassword.Plain(Ascii.bytes(password)),
                Logins.users(";\n" + Logins.entry(user, password)).find(user));
    }
}
