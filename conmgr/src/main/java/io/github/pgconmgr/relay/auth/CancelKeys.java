package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which clients ask for a cancel: process id and secret as in BackendKeyData, of our own, random, one per client. A wrong
 * secret is told apart from a wrong process id by nothing, not even by time.
 *
 * <p>Confined to the relay loop.
 *
 * @param <T> who is found by a key
 */
public final class CancelKeys<T> {

    /** Bytes of a secret in protocol 3.0. */
    public static final int SECRET_BYTES = 4;

    /** Bytes of a secret from protocol 3.2 on. */
    public static final int LONG_SECRET_BYTES = 32;

    private record Entry<T>(SecretBytes secret, T owner) {}

    private final RandomBytes random;
    private final Map<Integer, Entry<T>> byProcessId = new HashMap<>();
    private final SecretBytes nobodysSecret;

    /** No keys yet. */
    public CancelKeys(RandomBytes random) {
        this.random = random;
        this.nobodysSecret = new SecretBytes(random.next(LONG_SECRET_BYTES));
    }

    /**
     * A new key for that owner, until {@link #revoke}.
     *
     * @param secretBytes {@link #SECRET_BYTES} or {@link #LONG_SECRET_BYTES}
     */
    public CancelKey issue(T owner, int secretBytes) {
        ByteBuffer bytes = ByteBuffer.wrap(random.next(Integer.BYTES + secretBytes));
        int processId = bytes.getInt() & Integer.MAX_VALUE;
        while (processId == 0 || byProcessId.containsKey(processId)) {
            processId = ByteBuffer.wrap(random.next(Integer.BYTES)).getInt() & Integer.MAX_VALUE;
        }
        byte[] rest = new byte[secretBytes];
        bytes.get(rest);
        SecretBytes secret = new SecretBytes(rest);
        byProcessId.put(processId, new Entry<>(secret, owner));
        return new CancelKey(processId, secret);
    }

    /** The owner is gone. */
    public void revoke(CancelKey key) {
        byProcessId.remove(key.processId());
    }

    /**
     * Whose key that is.
     *
     * @param secret the rest of the cancel request, whatever its length; read to its end
     * @return null if it is nobody's
     */
    public @Nullable T find(int processId, ByteBuffer secret) {
        Entry<T> entry = byProcessId.get(processId);
        SecretBytes wanted = entry == null ? nobodysSecret : entry.secret;
        byte[] offered = new byte[Math.min(secret.remaining(), LONG_SECRET_BYTES + 1)];
        secret.get(offered);
        secret.position(secret.limit());
        boolean right = wanted.matches(offered);
        return right && entry != null ? entry.owner : null;
    }
}
