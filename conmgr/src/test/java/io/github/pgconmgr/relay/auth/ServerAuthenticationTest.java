package io.github.pgconmgr.relay.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.AuthType;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** conmgr as a client: servers that ask rightly, wrongly, and for too much. */
class ServerAuthenticationTest {

    private static final String VERIFIER = Logins.verifier("secret", "saltsaltsaltsalt", 4096);
    private static final Identity PLAIN = Logins.knowing("joe", "secret");

    /** The ClientKey that a client's proof gave is enough for the next server, which has the same verifier. */
    @Test
    void aVerifierAndTheClientsProofLogInAtTheServer() {
        Identity proven = proven(VERIFIER);
        AuthStep end = Logins.play(server(VERIFIER), proven);
        assertInstanceOf(AuthStep.Accepted.class, end);
    }

    @Test
    void aServerWithAnotherVerifierOfTheSamePasswordIsTooMuchForAVerifier() {
        String other = Logins.verifier("secret", "othersaltothersa", 4096);
        ServerAuthentication login = begun(proven(VERIFIER));
        failed("another SCRAM verifier", login, saslContinue("r=%s0,s=b3RoZXJzYWx0b3RoZXJzYQ==,i=4096"));
        assertInstanceOf(AuthStep.Accepted.class, Logins.play(server(other), PLAIN), "the password goes with any");
    }

    @Test
    void nobodyIsTrustedWithoutAProofWhoBeganScram() {
        ServerAuthentication login = begun(PLAIN);
        assertInstanceOf(ServerStep.Failed.class, login.onRequest(Logins.body(AuthMessages.ok())));
        ServerAuthentication wrong = begun(PLAIN);
        wrong.onRequest(saslContinue("r=%s0,s=c2FsdA==,i=1"));
        ServerStep end = wrong.onRequest(request(AuthMessages.SASL_FINAL, "v=" + Ascii.base64(new byte[32])));
        assertTrue(assertInstanceOf(ServerStep.Failed.class, end).reason().contains("signature"));
        assertInstanceOf(ServerStep.Failed.class, wrong.onRequest(Logins.body(AuthMessages.ok())));
    }

    @Test
    void aServerThatTrustsIsFine() {
        assertInstanceOf(
                ServerStep.Done.class,
                new ServerAuthentication(PLAIN, Logins.random(1)).onRequest(Logins.body(AuthMessages.ok())));
    }

    @Test
    void whatTheIdentityHasNotFails() {
        Identity md5 = Identity.trusted("joe", new StoredPassword.Md5("md5" + "0".repeat(32)));
        Identity unproven = Identity.trusted("joe", StoredPassword.of(Ascii.bytes(VERIFIER)));
        ByteBuffer sasl = Logins.body(AuthMessages.sasl(List.of("SCRAM-SHA-256")));
        ByteBuffer md5Request = Logins.body(AuthMessages.md5(new byte[4]));
        for (Identity none : List.of(md5, unproven, Identity.trusted("joe", null))) {
            failed("wants SCRAM", none, sasl);
        }
        for (Identity none : List.of(unproven, proven(VERIFIER), Identity.trusted("joe", null))) {
            failed("wants an md5", none, md5Request);
        }
        failed("in clear text", PLAIN, request(AuthMessages.CLEARTEXT, ""));
        failed("method 7", PLAIN, request(7, ""));
        failed("offers no", PLAIN, Logins.body(AuthMessages.sasl(List.of("SCRAM-SHA-1", "XSCRAM-SHA-256"))));
    }

    @Test
    void serversThatDoNotSpeakTheProtocolFail() {
        failed("malformed", PLAIN, ByteBuffer.allocate(3));
        failed("malformed md5", PLAIN, request(AuthMessages.MD5, "12345"));
        failed("not begun", PLAIN, request(AuthMessages.SASL_CONTINUE, "r=x,s=c2FsdA==,i=4096"));
        failed("not begun", PLAIN, request(AuthMessages.SASL_FINAL, "v="));
        for (String message : new String[] {
            "r=%s,s=c2FsdA==,i=4096", "r=abc,s=c2FsdA==,i=4096", "r=%s0,s=,i=4096", "r=%s0,s=?,i=4096",
            "r=%s0,s=c2FsdA==,i=0", "r=%s0,s=c2FsdA==,i=-1", "r=%s0,s=c2FsdA==,i=", "r=%s0,s=c2FsdA==,i=9999999999",
            "r=%s0,s=c2FsdA==,i=100001", "r=%s0,s=c2FsdA==", "", "m=x"
        }) {
            ServerAuthentication login = begun(PLAIN);
            assertInstanceOf(ServerStep.Failed.class, login.onRequest(saslContinue(message)), message);
        }
        ServerAuthentication twice = begun(PLAIN);
        failed("second", twice, Logins.body(AuthMessages.sasl(List.of("SCRAM-SHA-256"))));
    }

    private static Identity proven(String verifier) {
        return assertInstanceOf(AuthStep.Accepted.class, Logins.play(server(verifier), PLAIN))
                .identity();
    }

    private static ClientAuthentication server(String verifier) {
        return Logins.authenticator(AuthType.SCRAM_SHA_256, Logins.entry("joe", verifier))
                .client("joe", Logins.PEER, null);
    }

    private String nonce = "";

    private ServerAuthentication begun(Identity identity) {
        ServerAuthentication login = new ServerAuthentication(identity, Logins.random(1));
        ServerStep first = login.onRequest(Logins.body(AuthMessages.sasl(List.of("SCRAM-SHA-256"))));
        String text = Ascii.text(
                assertInstanceOf(ServerStep.Say.class, first).message().array());
        nonce = text.substring(text.indexOf(",r=") + 3);
        return login;
    }

    private ByteBuffer saslContinue(String form) {
        return request(AuthMessages.SASL_CONTINUE, form.replace("%s", nonce));
    }

    private static void failed(String reason, Identity identity, ByteBuffer request) {
        failed(reason, new ServerAuthentication(identity, Logins.random(1)), request.duplicate());
    }

    private static void failed(String reason, ServerAuthentication login, ByteBuffer request) {
        String said = assertInstanceOf(ServerStep.Failed.class, login.onRequest(request))
                .reason();
        assertTrue(said.contains(reason), said);
        assertEquals(-1, said.indexOf("secret"));
    }

    private static ByteBuffer request(int code, String text) {
        byte[] data = Ascii.bytes(text);
        return ByteBuffer.allocate(4 + data.length).putInt(code).put(data).flip();
    }
}
