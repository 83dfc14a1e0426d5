package io.github.pgconmgr.relay.auth;

import io.github.pgconmgr.config.AuthType;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What the tests of logins share: the parts of messages, user lists, and a client that is a server's counterpart. */
final class Logins {

    static final long NOW = 1_000_000_000_000L;
    static final InetAddress PEER = InetAddress.getLoopbackAddress();

    private Logins() {}

    static RandomBytes random(long seed) {
        return new Random(seed)::nextBytes;
    }

    static UserList users(String text) {
        try {
            return UserList.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (UserList.InvalidUserListException e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    static String entry(String user, String password) {
        return quoted(user) + " " + quoted(password) + "\n";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\"\"") + "\"";
    }

    static Authenticator authenticator(AuthType type, String users) {
        return new Authenticator(new AuthSettings(type, users(users), null, null), random(1));
    }

    static String verifier(String password, String salt, int iterations) {
        byte[] prepared = PlainKeys.prepare(password.getBytes(StandardCharsets.UTF_8));
        byte[] salted = ScramKeys.saltedPassword(prepared, Ascii.bytes(salt), iterations);
        return "SCRAM-SHA-256$" + iterations + ":" + Ascii.base64(Ascii.bytes(salt)) + "$"
                + Ascii.base64(ScramKeys.hash(ScramKeys.clientKey(salted))) + ":"
                + Ascii.base64(ScramKeys.serverKey(salted));
    }

    /** The next message's body, cut out of whole messages. */
    static ByteBuffer body(ByteBuffer messages) {
        messages.get();
        int length = messages.getInt() - Integer.BYTES;
        ByteBuffer body = messages.slice(messages.position(), length);
        messages.position(messages.position() + length);
        return body;
    }

    /** Lets a client with that identity log in; gives the step in which it ends. */
    static AuthStep play(ClientAuthentication server, Identity clientsOwn) {
        ServerAuthentication client = new ServerAuthentication(clientsOwn, random(2));
        AuthStep step = server.begin(NOW);
        while (step instanceof AuthStep.Say say) {
            ServerStep answer = client.onRequest(body(say.messages()));
            if (!(answer instanceof ServerStep.Say said)) {
                throw new AssertionError("the client says " + answer);
            }
            step = server.onMessage(body(said.message()), NOW);
        }
        if (step instanceof AuthStep.Accepted accepted) {
            ByteBuffer last = accepted.messages().duplicate();
            ServerStep end = new ServerStep.Wait();
            while (last.hasRemaining()) {
                end = client.onRequest(body(last));
            }
            if (!(end instanceof ServerStep.Done)) {
                throw new AssertionError("the client says " + end);
            }
        }
        return step;
    }

    static Identity knowing(String user, String password) {
        return Identity.trusted(user, new StoredPassword.Plain(password.getBytes(StandardCharsets.UTF_8)));
    }
}
