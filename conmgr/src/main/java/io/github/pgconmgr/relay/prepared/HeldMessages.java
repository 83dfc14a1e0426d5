package io.github.pgconmgr.relay.prepared;

import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.MessageSink;
import java.nio.ByteBuffer;

/**
 * Messages of a client that cannot be rewritten before the server has answered earlier ones. At most what one chunk held: the client is
 * not read from meanwhile. Confined to the relay's loop; owns a buffer only while it holds something.
 */
final class HeldMessages {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private boolean holding;

    boolean isHolding() {
        return holding;
    }

    /** This, and what comes behind it, is held. */
    void add(ByteBuffer buffer, int from, int to) {
        holding = true;
        int size = bytes.position() + to - from;
        if (bytes.capacity() < size) {
            bytes = ByteBuffer.allocate(Math.max(2 * size, 512)).put(bytes.flip());
        }
        bytes.put(bytes.position(), buffer, from, to - from).position(size);
    }

    /** Gives everything to the sink, which may hold it again; the end of a long message may be still to come, from elsewhere. */
    void release(MessageSink sink) {
        ByteBuffer all = bytes.flip();
        clear();
        new MessageScanner().scan(all, sink);
    }

    /** The client is gone. */
    void clear() {
        bytes = NOTHING;
        holding = false;
    }
}
