package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A client proves by md5 that it knows the password, or its md5 hash. Confined; one object per client. */
final class Md5Exchange implements Exchange {

    private static final int SALT_BYTES = 4;
    private static final int MAX_MESSAGE = 1000;

    private final String user;
    private final @Nullable StoredPassword password;
    private final RandomBytes random;
    private final byte[] salt;

    /** @param password plain or md5; null: the exchange goes its way and the answer is wrong */
    Md5Exchange(String user, @Nullable StoredPassword password, RandomBytes random) {
        this.user = user;
        this.password = password;
        this.random = random;
        this.salt = random.next(SALT_BYTES);
    }

    @Override
    public ByteBuffer begin() {
        return AuthMessages.md5(salt);
    }

    @Override
    public Outcome onMessage(ByteBuffer body) throws LoginProtocolException {
        if (body.remaining() < 1 || body.remaining() > MAX_MESSAGE || body.get(body.limit() - 1) != 0) {
            throw LoginProtocolException.violation("invalid password packet size");
        }
        byte[] answer = new byte[body.remaining() - 1];
        body.get(answer);
        String hash = hash();
        byte[] right =
                Ascii.bytes(response(hash == null ? "md5" + HexFormat.of().formatHex(random.next(16)) : hash, salt));
        if (MessageDigest.isEqual(answer, right) && hash != null && password != null) {
            return new Outcome.Proven(Identity.proven(user, password), AuthMessages.ok());
        }
        return new Outcome.Wrong();
    }

    private @Nullable String hash() {
        if (password == null) {
            return null;
        }
        return hashOf(user, password);
    }

    /** The user's md5 hash as PostgreSQL would store it; null if that cannot be known. */
    static @Nullable String hashOf(String user, StoredPassword password) {
        if (password instanceof StoredPassword.Plain plain) {
            return plain.isEmpty() ? null : "md5" + md5(plain.bytes(), user.getBytes(StandardCharsets.UTF_8));
        }
        return password instanceof StoredPassword.Md5 md5 ? md5.hash() : null;
    }

    /** What goes over the wire for a stored hash and the server's salt. */
    static String response(String hash, byte[] salt) {
        return "md5" + md5(Ascii.bytes(hash.substring("md5".length())), salt);
    }

    private static String md5(byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(first);
            return HexFormat.of().formatHex(digest.digest(second));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no MD5 in this Java", e);
        }
    }
}
