package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.relay.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the body of one message; texts are UTF-8. Moves its own index alone. Confined to one call. */
final class MessageReader {

    private final ByteBuffer buffer;
    private final int end;
    private int at;

    MessageReader(ByteBuffer buffer, int from, int end) {
        this.buffer = buffer;
        this.at = from;
        this.end = end;
    }

    String text() {
        for (int zero = at; zero < end; zero++) {
            if (buffer.get(zero) == 0) {
                byte[] bytes = new byte[zero - at];
                buffer.get(at, bytes);
                at = zero + 1;
                return new String(bytes, StandardCharsets.UTF_8);
            }
        }
        throw new MalformedException("a text without its end");
    }

    int int8() {
        return buffer.get(take(1));
    }

    int int16() {
        return buffer.getShort(take(Short.BYTES));
    }

    int int32() {
        return buffer.getInt(take(Integer.BYTES));
    }

    private int take(int bytes) {
        if (end - at < bytes) {
            throw new MalformedException("a message that is too short");
        }
        at += bytes;
        return at - bytes;
    }

    void end() {
        if (at != end) {
            throw new MalformedException("bytes behind a message's end");
        }
    }
}
