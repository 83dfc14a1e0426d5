package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The login of one server connection; we are the client. Made by {@link Authenticator#server}. By what the identity has: a plain
 * password does for md5 and SCRAM, an md5 hash for md5, a verifier with the ClientKey of the client's own proof for SCRAM. A cleartext
 * password is never sent: the connection to the server is not encrypted, and whoever answers there would have it.
 *
 * <p>Confined to the relay loop.
 */
public final class ServerAuthentication {

    private static final int SALT_BYTES = 4;

    private final Identity identity;
    private final RandomBytes random;
    private @Nullable ScramLogin scram;

    ServerAuthentication(Identity identity, RandomBytes random) {
        this.identity = identity;
        this.random = random;
    }

    /**
     * The server's {@code R} message.
     *
     * @param body without type and length; read, not kept
     */
    public ServerStep onRequest(ByteBuffer body) {
        if (body.remaining() < Integer.BYTES) {
            return new ServerStep.Failed("malformed authentication request");
        }
        int code = body.getInt();
        try {
            return switch (code) {
                case AuthMessages.OK -> onOk();
                case AuthMessages.CLEARTEXT ->
                    new ServerStep.Failed("the server wants a password in clear text, which is never sent to it");
                case AuthMessages.MD5 -> onMd5(body);
                case AuthMessages.SASL -> onSasl(body);
                case AuthMessages.SASL_CONTINUE ->
                    new ServerStep.Say(AuthMessages.saslResponse(login().onServerFirst(rest(body))));
                case AuthMessages.SASL_FINAL -> {
                    login().onServerFinal(rest(body));
                    yield new ServerStep.Wait();
                }
                default ->
                    new ServerStep.Failed(
                            "the server wants authentication method " + code + ", which is not supported");
            };
        } catch (LoginProtocolException e) {
            return new ServerStep.Failed(e.text());
        }
    }

    /** Without its signature a server of a SCRAM exchange has not shown that it knows the verifier. */
    private ServerStep onOk() {
        if (scram != null && !scram.isServerProven()) {
            return new ServerStep.Failed("the server ended the SCRAM exchange without proving itself");
        }
        return new ServerStep.Done();
    }

    private ServerStep onMd5(ByteBuffer body) throws LoginProtocolException {
        if (scram != null || body.remaining() != SALT_BYTES) {
            throw LoginProtocolException.violation("malformed md5 authentication request");
        }
        StoredPassword password = identity.password();
        String hash = password == null ? null : Md5Exchange.hashOf(identity.user(), password);
        if (hash == null) {
            return new ServerStep.Failed("the server wants an md5 password for user \"" + identity.user()
                    + "\", of whom only " + known() + " is known");
        }
        byte[] salt = new byte[SALT_BYTES];
        body.get(salt);
        return new ServerStep.Say(AuthMessages.password(Md5Exchange.response(hash, salt)));
    }

    private ServerStep onSasl(ByteBuffer body) throws LoginProtocolException {
        if (scram != null) {
            throw LoginProtocolException.violation("the server began a second SASL exchange");
        }
        // A list of names, each with a zero behind it, and a zero at its end.
        if (!("\0" + rest(body)).contains("\0" + ScramExchange.PLAIN_NAME + "\0")) {
            return new ServerStep.Failed("the server offers no " + ScramExchange.PLAIN_NAME);
        }
        ScramSecret secret = ScramSecret.of(identity);
        if (secret == null) {
            return new ServerStep.Failed("the server wants SCRAM for user \"" + identity.user() + "\", of whom only "
                    + known() + " is known");
        }
        ScramLogin begun = new ScramLogin(secret, random);
        scram = begun;
        return new ServerStep.Say(AuthMessages.saslInitialResponse(ScramExchange.PLAIN_NAME, begun.first()));
    }

    private ScramLogin login() throws LoginProtocolException {
        if (scram == null) {
            throw LoginProtocolException.violation("the server goes on with a SASL exchange that was not begun");
        }
        return scram;
    }

    private String known() {
        StoredPassword password = identity.password();
        if (password instanceof StoredPassword.Md5) {
            return "an md5 hash";
        }
        return password instanceof StoredPassword.Scram ? "a SCRAM verifier" : "the name";
    }

    private static String rest(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return Ascii.text(bytes);
    }
}
