package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.io.Connection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Joins messages that lie side by side in a chunk and all go on, so that they are one write. Confined to the relay's loop; holds nothing
 * between two chunks.
 */
final class ForwardRun {

    private @Nullable ByteBuffer buffer;
    private int from;
    private int to;

    /** These bytes go on to the receiver, behind all that were added before. */
    void add(ByteBuffer source, int begin, int end, Connection receiver) {
        if (buffer == source && to == begin) {
            to = end;
            return;
        }
        flush(receiver);
        buffer = source;
        from = begin;
        to = end;
    }

    /** Writes what was added. To be called before anything else is written, and at the end of each chunk. */
    void flush(Connection receiver) {
        ByteBuffer source = buffer;
        if (source == null) {
            return;
        }
        buffer = null;
        int limit = source.limit();
        source.limit(to).position(from);
        receiver.write(source);
        source.limit(limit);
    }

    /** There is nobody to write to any more. */
    void clear() {
        buffer = null;
    }
}
