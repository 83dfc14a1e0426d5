package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads texts that end in a zero byte; ISO 8859-1, so that no byte is lost. Moves nothing but its own index. Confined to one call. */
public final class TextReader {

    private final ByteBuffer buffer;
    private final int end;
    private int at;

    /** Reads from index {@code from} to before {@code end}. */
    public TextReader(ByteBuffer buffer, int from, int end) {
        this.buffer = buffer;
        this.at = from;
        this.end = end;
    }

    /** Whether a byte is left. */
    public boolean hasMore() {
        return at < end;
    }

    /**
     * The next text.
     *
     * @throws MalformedException if its end is missing
     */
    public String next() {
        for (int zero = at; zero < end; zero++) {
            if (buffer.get(zero) == 0) {
                byte[] bytes = new byte[zero - at];
                buffer.get(at, bytes);
                at = zero + 1;
                return new String(bytes, StandardCharsets.ISO_8859_1);
            }
        }
        throw new MalformedException("a text without its end");
    }
}
