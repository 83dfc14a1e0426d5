package io.github.pgconmgr.relay.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The arithmetic of SCRAM-SHA-256 (RFC 5802, RFC 7677). Stateless. */
final class ScramKeys {

    /** Bytes of a hash, a key, a signature, a proof. */
    static final int BYTES = 32;

    private static final String HMAC = "HmacSHA256";
    private static final byte[] CLIENT_KEY = Ascii.bytes("Client Key");
    private static final byte[] SERVER_KEY = Ascii.bytes("Server Key");
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private ScramKeys() {}

    /** RFC 5802's {@code Hi}: PBKDF2 with one block. Takes about a microsecond per iteration. */
    static byte[] saltedPassword(byte[] preparedPassword, byte[] salt, int iterations) {
        Mac mac = mac(preparedPassword);
        mac.update(salt);
        byte[] last = mac.doFinal(FIRST_BLOCK);
        byte[] sum = last.clone();
        for (int i = 1; i < iterations; i++) {
            last = mac.doFinal(last);
            for (int b = 0; b < BYTES; b++) {
                sum[b] ^= last[b];
            }
        }
        return sum;
    }

    static byte[] clientKey(byte[] saltedPassword) {
        return hmac(saltedPassword, CLIENT_KEY);
    }

    static byte[] serverKey(byte[] saltedPassword) {
        return hmac(saltedPassword, SERVER_KEY);
    }

    /** StoredKey is the hash of ClientKey. */
    static byte[] hash(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw everyJavaHas("SHA-256", e);
        }
    }

    static byte[] hmac(byte[] key, byte[] data) {
        return mac(key).doFinal(data);
    }

    static byte[] xor(byte[] one, byte[] other) {
        byte[] result = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            result[i] = (byte) (one[i] ^ other[i]);
        }
        return result;
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            // HMAC fills a short key up with zeros: one zero is the empty key, which Java does not take.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw everyJavaHas(HMAC, e);
        }
    }

    private static IllegalStateException everyJavaHas(String algorithm, GeneralSecurityException e) {
        return new IllegalStateException("no " + algorithm + " in this Java", e);
    }
}
