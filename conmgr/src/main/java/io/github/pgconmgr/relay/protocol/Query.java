package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A simple query. Stateless. */
public final class Query {

    private Query() {}

    /** The whole message, ready to be read from. */
    public static ByteBuffer encode(String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(MessageScanner.HEADER_BYTES + text.length + 1);
        out.put((byte) 'Q').putInt(Integer.BYTES + text.length + 1).put(text).put((byte) 0);
        return out.flip();
    }
}
