package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The statements by which pgjdbc begins each connection, unless it may take for granted how old the server is. What they set is lost with
 * the transaction in transaction mode, as any SET, but no result depends on it: {@code extra_float_digits = 3} gives what the default of
 * PostgreSQL 12 and later gives. So nobody need be warned. Stateless.
 */
public final class DriverSettings {

    private static final byte[][] BEGINNINGS = {ascii("SET extra_float_digits = 3"), ascii("SET application_name = ")};

    private DriverSettings() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether this whole Query is one of them. Allocates nothing.
     *
     * @param from index of the message's type
     * @param to behind its last byte
     */
    public static boolean isOne(ByteBuffer buffer, int from, int to) {
        int at = from + MessageScanner.HEADER_BYTES;
        for (byte[] beginning : BEGINNINGS) {
            if (to - at > beginning.length && isAt(buffer, at, beginning)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(ByteBuffer buffer, int at, byte[] text) {
        for (int index = 0; index < text.length; index++) {
            if (buffer.get(at + index) != text[index]) {
                return false;
            }
        }
        return true;
    }
}
