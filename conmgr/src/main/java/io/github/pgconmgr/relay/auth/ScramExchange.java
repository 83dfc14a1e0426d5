package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client proves by SCRAM-SHA-256 that it knows the password; we are the server of RFC 5802, with PostgreSQL's rules: the user name
 * in the exchange is not looked at, extensions are ignored, and a user of whom nothing is known gets a whole exchange, too.
 *
 * <p>Confined; one object per client.
 */
final class ScramExchange implements Exchange {

    static final String PLAIN_NAME = "SCRAM-SHA-256";
    static final String PLUS_NAME = "SCRAM-SHA-256-PLUS";

    private static final String BINDING = "tls-server-end-point";
    private static final int NONCE_BYTES = 18;
    private static final int MAX_MESSAGE = 2048;

    private enum Stage {
        MECHANISM_AWAITED,
        FIRST_AWAITED,
        FINAL_AWAITED,
        ENDED
    }

    private final ScramSubject subject;
    private final RandomBytes random;
    private final byte @Nullable [] tlsEndPoint;

    private Stage stage = Stage.MECHANISM_AWAITED;
    private boolean plus;
    private String expectedBinding = "";
    private String nonce = "";
    private String firstMessages = "";

    /** @param tlsEndPoint hash of our certificate; null if the client did not come over TLS */
    ScramExchange(ScramSubject subject, RandomBytes random, byte @Nullable [] tlsEndPoint) {
        this.subject = subject;
        this.random = random;
        this.tlsEndPoint = tlsEndPoint;
    }

    @Override
    public ByteBuffer begin() {
        return AuthMessages.sasl(tlsEndPoint == null ? List.of(PLAIN_NAME) : List.of(PLUS_NAME, PLAIN_NAME));
    }

    @Override
    public Outcome onMessage(ByteBuffer body) throws LoginProtocolException {
        if (body.remaining() > MAX_MESSAGE) {
            throw LoginProtocolException.violation("SASL message is too long");
        }
        return switch (stage) {
            case MECHANISM_AWAITED -> onMechanism(body);
            case FIRST_AWAITED -> onFirst(rest(body));
            case FINAL_AWAITED -> onFinal(rest(body));
            case ENDED -> throw LoginProtocolException.violation("unexpected SASL message");
        };
    }

    private static String rest(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return Ascii.text(bytes);
    }

    private Outcome onMechanism(ByteBuffer body) throws LoginProtocolException {
        int nameLength = 0;
        while (nameLength < body.remaining() && body.get(body.position() + nameLength) != 0) {
            nameLength++;
        }
        byte[] name = new byte[nameLength];
        body.get(name);
        if (body.remaining() < 1 + Integer.BYTES) {
            throw LoginProtocolException.violation("malformed SASL message");
        }
        body.get();
        String mechanism = Ascii.text(name);
        plus = mechanism.equals(PLUS_NAME) && tlsEndPoint != null;
        if (!plus && !mechanism.equals(PLAIN_NAME)) {
            throw LoginProtocolException.violation("client selected an invalid SASL authentication mechanism");
        }
        int length = body.getInt();
        if (length == -1 && !body.hasRemaining()) {
            // SASL lets a client wait for an empty challenge first.
            stage = Stage.FIRST_AWAITED;
            return new Outcome.More(AuthMessages.saslContinue(""));
        }
        if (length != body.remaining()) {
            throw LoginProtocolException.violation("malformed SASL message");
        }
        return onFirst(rest(body));
    }

    private Outcome onFirst(String message) throws LoginProtocolException {
        ScramText text = new ScramText(message);
        readBindingFlag(text);
        if (text.peek() == 'a') {
            throw LoginProtocolException.unsupported("client uses authorization identity, but it is not supported");
        }
        text.expect(',');
        String gs2Header = message.substring(0, text.position());
        String bare = message.substring(text.position());
        if (text.peek() == 'm') {
            throw LoginProtocolException.unsupported("client requires an unsupported SCRAM extension");
        }
        text.attribute('n');
        String clientNonce = text.attribute('r');
        if (clientNonce.isEmpty() || !clientNonce.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw LoginProtocolException.violation("malformed SCRAM message");
        }
        while (!text.isAtEnd()) {
            text.skipAttribute();
        }
        expectedBinding = Ascii.base64(bindingInput(gs2Header));
        nonce = clientNonce + Ascii.base64(random.next(NONCE_BYTES));
        ScramVerifier verifier = subject.verifier();
        String serverFirst =
                "r=" + nonce + ",s=" + Ascii.base64(verifier.salt().bytes()) + ",i=" + verifier.iterations();
        firstMessages = bare + "," + serverFirst + ",";
        stage = Stage.FINAL_AWAITED;
        return new Outcome.More(AuthMessages.saslContinue(serverFirst));
    }

    /** What the client thinks of channel binding must be what we have said: else somebody between us took our offer away. */
    private void readBindingFlag(ScramText text) throws LoginProtocolException {
        switch (text.peek()) {
            case 'n' -> {
                text.next();
                if (plus) {
                    throw LoginProtocolException.violation(
                            "client selected SCRAM-SHA-256-PLUS, but its SCRAM message has no channel binding data");
                }
                text.expect(',');
            }
            case 'y' -> {
                text.next();
                if (tlsEndPoint != null) {
                    throw LoginProtocolException.violation(
                            "client supports SCRAM channel binding but thinks the server does not");
                }
                text.expect(',');
            }
            case 'p' -> {
                if (!plus) {
                    throw LoginProtocolException.violation(
                            "client selected SCRAM-SHA-256 without channel binding, but its SCRAM message has channel binding data");
                }
                if (!text.attribute('p').equals(BINDING)) {
                    throw LoginProtocolException.violation("unsupported SCRAM channel-binding type");
                }
            }
            default -> throw ScramText.malformed();
        }
    }

    private byte[] bindingInput(String gs2Header) {
        byte[] header = Ascii.bytes(gs2Header);
        byte[] data = plus && tlsEndPoint != null ? tlsEndPoint : new byte[0];
        return ByteBuffer.allocate(header.length + data.length)
                .put(header)
                .put(data)
                .array();
    }

    private Outcome onFinal(String message) throws LoginProtocolException {
        stage = Stage.ENDED;
        ScramText text = new ScramText(message);
        if (!text.attribute('c').equals(expectedBinding)) {
            throw LoginProtocolException.violation("SCRAM channel binding check failed");
        }
        if (!MessageDigest.isEqual(Ascii.bytes(text.attribute('r')), Ascii.bytes(nonce))) {
            throw LoginProtocolException.violation("SCRAM nonce does not match");
        }
        int proofAt = text.position();
        while (text.peek() != 'p') {
            text.skipAttribute();
            proofAt = text.position();
        }
        byte[] proof = Ascii.fromBase64(text.attribute('p'));
        if (proof == null || proof.length != ScramKeys.BYTES || !text.isAtEnd()) {
            throw ScramText.malformed();
        }
        return judge(proof, Ascii.bytes(firstMessages + message.substring(0, proofAt - 1)));
    }

    private Outcome judge(byte[] proof, byte[] authMessage) {
        ScramVerifier verifier = subject.verifier();
        byte[] clientKey =
                ScramKeys.xor(proof, ScramKeys.hmac(verifier.storedKey().bytes(), authMessage));
        boolean right = verifier.storedKey().matches(ScramKeys.hash(clientKey));
        Identity identity = subject.identity(clientKey);
        if (!right || identity == null) {
            return new Outcome.Wrong();
        }
        String signature = Ascii.base64(ScramKeys.hmac(verifier.serverKey().bytes(), authMessage));
        return new Outcome.Proven(identity, AuthMessages.saslFinalAndOk("v=" + signature));
    }
}
