package io.github.pgconmgr.relay.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Cancel requests find their client, and nobody else's. */
class CancelKeysTest {

    @Test
    void onlyTheWholeKeyFindsItsOwner() {
        CancelKeys<String> keys = new CancelKeys<>(Logins.random(1));
        for (int bytes : new int[] {CancelKeys.SECRET_BYTES, CancelKeys.LONG_SECRET_BYTES}) {
            CancelKey key = keys.issue("joe", bytes);
            byte[] secret = key.secret().bytes();
            assertEquals(bytes, secret.length);
            assertTrue(key.processId() > 0);
            assertEquals("joe", keys.find(key.processId(), ByteBuffer.wrap(secret)));
            assertNull(keys.find(key.processId() + 1, ByteBuffer.wrap(secret)));
            assertNull(keys.find(key.processId(), ByteBuffer.wrap(secret, 0, bytes - 1)));
            assertNull(keys.find(
                    key.processId(), ByteBuffer.allocate(1000).put(secret).rewind()));
            secret[bytes - 1] ^= 1;
            assertNull(keys.find(
                    key.processId(), ByteBuffer.wrap(secret.clone()).put(bytes - 1, (byte) (secret[bytes - 1] ^ 1))));
        }
    }

    @Test
    void aRevokedKeyFindsNobody() {
        CancelKeys<String> keys = new CancelKeys<>(Logins.random(1));
        CancelKey key = keys.issue("joe", 4);
        keys.revoke(key);
        assertNull(keys.find(key.processId(), ByteBuffer.wrap(key.secret().bytes())));
    }

    /** A generator that repeats itself: process ids must not. */
    @Test
    void processIdsAreNotGivenTwice() {
        int[] calls = {0};
        CancelKeys<String> keys = new CancelKeys<>(bytes -> bytes[0] = (byte) (calls[0]++ / 3));
        int one = keys.issue("joe", 4).processId();
        int two = keys.issue("ann", 4).processId();
        assertTrue(one != two && one != 0 && two != 0);
    }
}
