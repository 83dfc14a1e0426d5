package io.github.pgconmgr.relay.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A client's answer to AuthenticationMD5Password. Stateless. */
final class Md5 {

    private Md5() {}

    static String answer(String user, String password, byte[] salt) {
        byte[] stored = hex((password + user).getBytes(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        return "md5" + hex(Wire.join(stored, salt));
    }

    private static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
