package io.github.pgconmgr.relay.auth;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Where nonces, salts and cancel keys come from; tests give their own. */
@FunctionalInterface
public interface RandomBytes {

    /** Fills the whole array; never blocks. */
    void fill(byte[] bytes);

    /** Fresh bytes, that many. */
    default byte[] next(int count) {
        byte[] bytes = new byte[count];
        fill(bytes);
        return bytes;
    }

    /** The kernel's random numbers, without waiting for entropy; some are read ahead, each is given once. For one thread. */
    static RandomBytes secure() {
        SecureRandom random;
        try {
            random = SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException e) {
            // Not on Linux: Java's own generator, which does not block when asked for bytes either.
            random = new SecureRandom();
        }
        return new RandomStore(random::nextBytes);
    }
}
