package io.github.pgconmgr.relay.session;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Bytes on their way, in and out: cuts messages out of what has come, cuts what goes into random pieces. Confined to the test's thread. */
final class SimStream {

    /** One message. */
    record Message(char type, String body) {

        /** The body up to its first zero byte. */
        String text() {
            int zero = body.indexOf('\0');
            return zero < 0 ? body : body.substring(0, zero);
        }
    }

    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    void add(byte[] bytes) {
        pending.writeBytes(bytes);
    }

    boolean isEmpty() {
        return pending.size() == 0;
    }

    /** The first message, out of the stream; null if it is not complete. */
    @Nullable
    Message next() {
        byte[] all = pending.toByteArray();
        if (all.length < 5) {
            return null;
        }
        int total = 1 + ByteBuffer.wrap(all).getInt(1);
        if (all.length < total) {
            return null;
        }
        take(total);
        return new Message((char) all[0], new String(all, 5, total - 5, StandardCharsets.ISO_8859_1));
    }

    /** So many bytes, out of the stream. */
    byte[] take(int count) {
        byte[] all = pending.toByteArray();
        pending.reset();
        pending.write(all, count, all.length - count);
        return Arrays.copyOf(all, count);
    }

    int size() {
        return pending.size();
    }

    /** A random piece from its begin. */
    byte[] takePiece(Random random) {
        int most = pending.size();
        return take(random.nextInt(3) == 0 ? most : 1 + random.nextInt(most));
    }
}
