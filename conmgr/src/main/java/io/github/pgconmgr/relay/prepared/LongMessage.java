package io.github.pgconmgr.relay.prepared;

import io.github.pgconmgr.relay.protocol.MessageScanner;
import java.nio.ByteBuffer;

/**
 * The beginning of a message that comes in pieces, collected as far as it has to be read. Grows with what has come, not with what a
 * length promises. Confined to the relay's loop; owns a buffer only while it collects.
 */
final class LongMessage {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private boolean collecting;

    /** Another message. */
    void begin(boolean collect) {
        collecting = collect;
        bytes = NOTHING;
    }

    boolean isCollecting() {
        return collecting;
    }

    void add(ByteBuffer buffer, int from, int to) {
        int size = bytes.position() + to - from;
        if (bytes.capacity() < size) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * size, MessageScanner.MAX_WHOLE_BYTES));
            bytes = larger.put(bytes.flip());
        }
        bytes.put(bytes.position(), buffer, from, to - from).position(size);
    }

    /** All of it so far, from 0 to the limit. */
    ByteBuffer collected() {
        return bytes.duplicate().flip();
    }

    /** The rest goes its way. */
    void stopCollecting() {
        collecting = false;
        bytes = NOTHING;
    }

    /** Where the zero is; -1 if there is none before the end. */
    static int endOfText(ByteBuffer buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffer.get(i) == 0) {
                return i;
            }
        }
        return -1;
    }
}
