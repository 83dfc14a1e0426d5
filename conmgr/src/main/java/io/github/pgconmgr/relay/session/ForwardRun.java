package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.io.Connection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes few writes of many pieces. Messages that lie side by side in a chunk and all go on are written from it as they are; short ones with
 * something of conmgr's between them are copied together first.
 *
 * <p>Confined to the relay's loop; holds nothing between two chunks.
 */
final class ForwardRun {

    private final ByteBuffer joined;
    private @Nullable ByteBuffer buffer;
    private int from;
    private int to;

    /**
     * @param joined of the loop, for this direction: empty between two chunks
     */
    ForwardRun(ByteBuffer joined) {
        this.joined = joined;
    }

    /** These bytes go on to the receiver, behind all that were added before. */
    @SuppressWarnings("ReferenceEquality") // Two buffers with the same bytes are two places.
    void add(ByteBuffer source, int begin, int end, Connection receiver) {
        if (buffer == source && to == begin) {
            to = end;
            return;
        }
        settle(receiver);
        buffer = source;
        from = begin;
        to = end;
    }

    /** Bytes of conmgr's own, position to limit, which are not moved. */
    void addOwn(ByteBuffer own, Connection receiver) {
        settle(receiver);
        if (own.remaining() > joined.remaining()) {
            writeJoined(receiver);
        }
        if (own.remaining() > joined.remaining()) {
            receiver.write(own.duplicate());
        } else {
            int at = joined.position();
            joined.put(at, own, own.position(), own.remaining()).position(at + own.remaining());
        }
    }

    /** What was added last is in the joined bytes, or written. */
    private void settle(Connection receiver) {
        ByteBuffer source = buffer;
        if (source == null) {
            return;
        }
        buffer = null;
        int bytes = to - from;
        if (bytes <= joined.remaining()) {
            joined.put(joined.position(), source, from, bytes).position(joined.position() + bytes);
            return;
        }
        writeJoined(receiver);
        writeRun(source, receiver);
    }

    private void writeJoined(Connection receiver) {
        if (joined.position() > 0) {
            receiver.write(joined.flip());
            joined.clear();
        }
    }

    private void writeRun(ByteBuffer source, Connection receiver) {
        int limit = source.limit();
        source.limit(to).position(from);
        receiver.write(source);
        source.limit(limit);
    }

    /** Writes what was added. To be called before anything else is written, and at the end of each chunk. */
    void flush(Connection receiver) {
        if (joined.position() > 0) {
            settle(receiver);
            writeJoined(receiver);
        } else if (buffer != null) {
            ByteBuffer source = buffer;
            buffer = null;
            writeRun(source, receiver);
        }
    }

    /** There is nobody to write to any more. */
    void clear() {
        buffer = null;
        joined.clear();
    }
}
