package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * PostgreSQL's ErrorResponse of severity FATAL: the last that a client hears, and what it shows to its user. Immutable.
 *
 * @param message primary message, lower case, without a full stop
 * @param hint a sentence; empty for none
 */
public record ErrorResponse(String sqlState, String message, String hint) {

    /** One without a hint. */
    public ErrorResponse(String sqlState, String message) {
        this(sqlState, message, "");
    }

    /** The whole message, ready to be read from. */
    public ByteBuffer encode() {
        byte[] fields = ("SFATAL\0VFATAL\0C" + sqlState + "\0M" + message + (hint.isEmpty() ? "" : "\0H" + hint)
                        + "\0\0")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(MessageScanner.HEADER_BYTES + fields.length);
        out.put((byte) 'E').putInt(Integer.BYTES + fields.length).put(fields);
        return out.flip();
    }
}
