package io.github.pgconmgr.frontend;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * PostgreSQL's ErrorResponse before authentication: what a stock driver shows to its user. Immutable.
 *
 * @param message primary message, lower case, without a full stop
 * @param hint a sentence
 */
record ErrorResponse(String sqlState, String message, String hint) {

    /** The whole message, severity FATAL, ready to be read from. */
    ByteBuffer encode() {
        byte[] fields = ("SFATAL\0VFATAL\0C" + sqlState + "\0M" + message + "\0H" + hint + "\0\0")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(1 + Integer.BYTES + fields.length);
        out.put((byte) 'E').putInt(Integer.BYTES + fields.length).put(fields);
        return out.flip();
    }
}
