package io.github.pgconmgr.relay.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.config.AuthType;
import java.nio.ByteBuffer;

/** Every decoder of this package under Jazzer (CONTRIBUTING.md): hostile bytes end a login and nothing else. */
class LoginFuzzTest {

    private static final UserList PLAIN = Logins.users(Logins.entry("joe", "secret"));

    /** The 4096 rounds behind a password are made once, not for each input. */
    private static final UserList VERIFIER =
            Logins.users(Logins.entry("joe", Logins.verifier("secret", "saltsalt", 4096)));

    @FuzzTest(maxDuration = "24h")
    void anyMessagesOfAClientAreALoginOrARefusal(byte[] bytes) {
        for (AuthType type : new AuthType[] {AuthType.MD5, AuthType.SCRAM_SHA_256}) {
            AuthSettings settings = new AuthSettings(type, type == AuthType.MD5 ? PLAIN : VERIFIER, null, null);
            Authenticator authenticator = new Authenticator(settings, Logins.random(1));
            ClientAuthentication login = authenticator.client("joe", Logins.PEER, new byte[32]);
            AuthStep step = login.begin(Logins.NOW);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            while (step instanceof AuthStep.Say && in.hasRemaining()) {
                int length = Math.min(Byte.toUnsignedInt(in.get()), in.remaining());
                step = login.onMessage(in.slice(in.position(), length), Logins.NOW);
                in.position(in.position() + length);
            }
            assertFalse(step instanceof AuthStep.Accepted);
        }
    }

    @FuzzTest(maxDuration = "24h")
    void anyMessagesOfAServerAreALoginOrAFailure(byte[] bytes) {
        ServerAuthentication login = new ServerAuthentication(Logins.knowing("joe", "secret"), Logins.random(1));
        UserLookUp lookUp = new UserLookUp("SELECT 1", "joe");
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() >= 2) {
            byte type = in.get();
            int length = Math.min(Byte.toUnsignedInt(in.get()), in.remaining());
            login.onRequest(in.slice(in.position(), length));
            lookUp.onMessage(type, in.slice(in.position(), length));
            in.position(in.position() + length);
        }
    }

    @FuzzTest(maxDuration = "24h")
    void anyBytesAreAUserListOrAListOfProblems(byte[] bytes) {
        try {
            UserList.parse(bytes);
        } catch (UserList.InvalidUserListException e) {
            assertFalse(e.problems().isEmpty());
        }
    }
}
