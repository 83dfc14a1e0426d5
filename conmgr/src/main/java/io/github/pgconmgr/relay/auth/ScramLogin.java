package io.github.pgconmgr.relay.auth;

import java.security.MessageDigest;

/**
 * SCRAM-SHA-256 at a server; we are the client of RFC 5802. Without channel binding: there is no TLS to servers. Confined; one object
 * per server connection.
 */
final class ScramLogin {

    private static final String GS2_HEADER = "n,,";
    private static final int NONCE_BYTES = 18;
    private static final int MAX_MESSAGE = 4096;
    private static final int MAX_ITERATIONS_DIGITS = 9;

    private enum Stage {
        FIRST_AWAITED,
        FINAL_AWAITED,
        PROVEN,
        FAILED
    }

    private final ScramSecret secret;
    private final String nonce;
    private Stage stage = Stage.FIRST_AWAITED;
    private byte[] serverSignature = {};

    ScramLogin(ScramSecret secret, RandomBytes random) {
        this.secret = secret;
        this.nonce = Ascii.base64(random.next(NONCE_BYTES));
    }

    /** client-first-message; PostgreSQL takes the user name from the start-up packet. */
    String first() {
        return GS2_HEADER + firstBare();
    }

    private String firstBare() {
        return "n=,r=" + nonce;
    }

    /** client-final-message. */
    String onServerFirst(String message) throws LoginProtocolException {
        if (stage != Stage.FIRST_AWAITED || message.length() > MAX_MESSAGE) {
            throw LoginProtocolException.violation("unexpected SCRAM message from the server");
        }
        stage = Stage.FAILED;
        ScramText text = new ScramText(message);
        String bothNonces = text.attribute('r');
        byte[] salt = Ascii.fromBase64(text.attribute('s'));
        int iterations = iterations(text.attribute('i'));
        if (!bothNonces.startsWith(nonce) || bothNonces.length() == nonce.length()) {
            throw LoginProtocolException.violation("invalid SCRAM nonce from the server");
        }
        if (salt == null || salt.length == 0) {
            throw LoginProtocolException.violation("malformed SCRAM salt from the server");
        }
        ScramSecret.Keys keys = secret.keys(salt, iterations);
        String withoutProof = "c=" + Ascii.base64(Ascii.bytes(GS2_HEADER)) + ",r=" + bothNonces;
        byte[] authMessage = Ascii.bytes(firstBare() + "," + message + "," + withoutProof);
        byte[] clientSignature = ScramKeys.hmac(ScramKeys.hash(keys.clientKey().bytes()), authMessage);
        serverSignature = ScramKeys.hmac(keys.serverKey().bytes(), authMessage);
        stage = Stage.FINAL_AWAITED;
        return withoutProof + ",p="
                + Ascii.base64(ScramKeys.xor(keys.clientKey().bytes(), clientSignature));
    }

    private static int iterations(String digits) throws LoginProtocolException {
        if (digits.isEmpty()
                || digits.length() > MAX_ITERATIONS_DIGITS
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
                || Integer.parseInt(digits) == 0) {
            throw LoginProtocolException.violation("malformed SCRAM iteration count from the server");
        }
        return Integer.parseInt(digits);
    }

    /** server-final-message: only who has the verifier can have signed it. */
    void onServerFinal(String message) throws LoginProtocolException {
        if (stage != Stage.FINAL_AWAITED || message.length() > MAX_MESSAGE) {
            throw LoginProtocolException.violation("unexpected SCRAM message from the server");
        }
        stage = Stage.FAILED;
        byte[] signature = Ascii.fromBase64(new ScramText(message).attribute('v'));
        if (signature == null || !MessageDigest.isEqual(signature, serverSignature)) {
            throw LoginProtocolException.violation("the server's SCRAM signature is wrong");
        }
        stage = Stage.PROVEN;
    }

    boolean isServerProven() {
        return stage == Stage.PROVEN;
    }
}
