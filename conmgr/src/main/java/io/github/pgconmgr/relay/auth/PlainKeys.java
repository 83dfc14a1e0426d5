package io.github.pgconmgr.relay.auth;

import com.ongres.saslprep.SASLprep;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * SaltedPasswords of a plain password, computed once per salt: thousands of hashes each (4,096: about 4 ms), too many for each login.
 * Confined to the relay loop.
 */
final class PlainKeys {

    /** The salt of our own and those of some servers, which all are the same as long as these are replicas. */
    static final int KEPT = 4;

    private static final SASLprep SASLPREP = new SASLprep();

    private final byte[] prepared;
    private final Map<ByteBuffer, byte[]> salted = new LinkedHashMap<>(KEPT * 2, 0.75f, true);

    PlainKeys(byte[] password) {
        this.prepared = prepare(password);
    }

    byte[] salted(byte[] salt, int iterations) {
        ByteBuffer key = ByteBuffer.allocate(salt.length + Integer.BYTES)
                .put(salt)
                .putInt(iterations)
                .flip();
        byte[] known = salted.get(key);
        if (known != null) {
            return known;
        }
        byte[] computed = ScramKeys.saltedPassword(prepared, salt, iterations);
        salted.put(key, computed);
        if (salted.size() > KEPT) {
            salted.remove(salted.keySet().iterator().next());
        }
        return computed;
    }

    /** As PostgreSQL: ASCII as it is, SASLprep of UTF-8, and what is neither as it is. */
    static byte[] prepare(byte[] password) {
        if (isAscii(password)) {
            return password;
        }
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
            char[] characters = Arrays.copyOfRange(decoded.array(), decoded.position(), decoded.limit());
            char[] prepared = SASLPREP.prepareStored(characters);
            return prepared.length == 0 ? password : new String(prepared).getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return password;
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
