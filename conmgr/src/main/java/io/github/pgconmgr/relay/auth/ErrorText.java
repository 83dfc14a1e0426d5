package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The primary message of an ErrorResponse. Stateless. */
final class ErrorText {

    private static final int MAX_BYTES = 200;

    private ErrorText() {}

    /** At most 200 bytes of it; {@code unknown error} if it has none. */
    static String of(ByteBuffer body) {
        while (body.hasRemaining()) {
            byte field = body.get();
            int start = body.position();
            while (body.hasRemaining() && body.get() != 0) {
                // Up to the end of this field.
            }
            if (field == 'M') {
                int length = Math.min(Math.max(body.position() - 1 - start, 0), MAX_BYTES);
                byte[] text = new byte[length];
                body.get(start, text);
                return new String(text, StandardCharsets.UTF_8);
            }
        }
        return "unknown error";
    }
}
