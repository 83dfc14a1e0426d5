package io.github.pgconmgr.relay.prepared;

import io.github.pgconmgr.relay.protocol.MessageScanner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a server says that matters to prepared statements. Stateless. */
final class ServerWords {

    private static final byte[] DISCARD_ALL = text("DISCARD ALL\0");
    private static final byte[] DEALLOCATE_ALL = text("DEALLOCATE ALL\0");

    /** The function that finds out that a plan gives other columns than before; unlike the message it is not translated. */
    private static final byte[] REVALIDATE = text("RRevalidateCachedQuery\0");

    private static final byte[] FEATURE_NOT_SUPPORTED = text("C0A000\0");

    private ServerWords() {}

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a CommandComplete of that length, as on the wire, may be one of the two; most are not. */
    static boolean mayForgetAll(int length) {
        int tag = length - Integer.BYTES;
        return tag == DISCARD_ALL.length || tag == DEALLOCATE_ALL.length;
    }

    /** Whether that CommandComplete says that all prepared statements are gone. */
    static boolean forgetsAll(ByteBuffer buffer, int from, int to) {
        int tagFrom = from + MessageScanner.HEADER_BYTES;
        return is(DISCARD_ALL, buffer, tagFrom, to) || is(DEALLOCATE_ALL, buffer, tagFrom, to);
    }

    /** Whether that ErrorResponse says "cached plan must not change result type". */
    static boolean saysTableChanged(ByteBuffer buffer, int from, int to) {
        boolean code = false;
        boolean routine = false;
        int at = from + MessageScanner.HEADER_BYTES;
        while (at < to) {
            int end = LongMessage.endOfText(buffer, at, to);
            if (end < 0) {
                return false;
            }
            code |= is(FEATURE_NOT_SUPPORTED, buffer, at, end + 1);
            routine |= is(REVALIDATE, buffer, at, end + 1);
            at = end + 1;
        }
        return code && routine;
    }

    private static boolean is(byte[] wanted, ByteBuffer buffer, int from, int to) {
        if (to - from != wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (buffer.get(from + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
