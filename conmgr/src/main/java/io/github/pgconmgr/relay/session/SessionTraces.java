package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.MessageScanner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Commands that leave something in a session behind their transaction, as far as CommandComplete names them: in transaction mode the server
 * connection is reset before another client gets it. What a function did (set_config, advisory locks) is not named. Stateless.
 */
final class SessionTraces {

    private static final byte[][] COMMANDS = {
        ascii("SET"),
        ascii("LISTEN"),
        ascii("PREPARE"),
        ascii("LOAD"),
        ascii("DECLARE CURSOR"),
        ascii("CREATE TABLE"),
        ascii("SELECT INTO"),
        ascii("CREATE TABLE AS"),
        ascii("CREATE SEQUENCE"),
        ascii("CREATE VIEW"),
    };

    private SessionTraces() {}

    private static byte[] ascii(String command) {
        return (command + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether this whole CommandComplete message is one of theirs. */
    static boolean areLeftBy(ByteBuffer buffer, int from, int to) {
        int at = from + MessageScanner.HEADER_BYTES;
        for (byte[] command : COMMANDS) {
            if (to - at == command.length && isAt(buffer, at, command)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(ByteBuffer buffer, int at, byte[] command) {
        for (int index = 0; index < command.length; index++) {
            if (buffer.get(at + index) != command[index]) {
                return false;
            }
        }
        return true;
    }
}
