package io.github.pgconmgr.relay.auth;

import java.util.Arrays;

/**
 * Random bytes read ahead, as a call to the kernel's generator costs more than what one client needs of it. What was given is wiped here.
 * Confined to the relay's loop.
 */
final class RandomStore implements RandomBytes {

    static final int BYTES = 1024;

    private final RandomBytes source;
    private final byte[] store = new byte[BYTES];
    private int given = BYTES;

    RandomStore(RandomBytes source) {
        this.source = source;
    }

    @Override
    public void fill(byte[] bytes) {
        if (bytes.length > BYTES) {
            source.fill(bytes);
            return;
        }
        if (bytes.length > BYTES - given) {
            source.fill(store);
            given = 0;
        }
        System.arraycopy(store, given, bytes, 0, bytes.length);
        Arrays.fill(store, given, given + bytes.length, (byte) 0);
        given += bytes.length;
    }
}
