package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.CancelRequest;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that conmgr has given to its clients, in place of their servers'. Confined to the relay's loop. */
final class CancelKeys {

    /** Of a key for protocol 3.0, as PostgreSQL's are. */
    static final int SHORT_BYTES = 4;

    /** Of a key for protocol 3.2. */
    static final int LONG_BYTES = 32;

    private record Holder(CancelKey key, ClientSession client) {}

    private final SecureRandom random;
    private final Map<Integer, Holder> holders = new HashMap<>();

    CancelKeys(SecureRandom random) {
        this.random = random;
    }

    /** A fresh key for the client, with a pid that no other one has. */
    CancelKey give(ClientSession client, int secretBytes) {
        int pid = random.nextInt(1, Integer.MAX_VALUE);
        while (holders.containsKey(pid)) {
            pid = random.nextInt(1, Integer.MAX_VALUE);
        }
        byte[] secret = new byte[secretBytes];
        random.nextBytes(secret);
        CancelKey key = new CancelKey(pid, secret);
        holders.put(pid, new Holder(key, client));
        return key;
    }

    /** The client is gone. */
    void take(CancelKey key) {
        holders.remove(key.pid());
    }

    /** Whose key it is; null if it is nobody's. Compares the secret in a time that tells nothing. */
    @Nullable ClientSession find(CancelRequest request) {
        Holder holder = holders.get(request.pid());
        return holder != null && MessageDigest.isEqual(holder.key.secret(), request.key()) ? holder.client : null;
    }
}
