package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.io.Connection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Joins messages that lie side by side in a chunk and all go on, so that they are one write. Confined to the relay's loop; holds nothing
 * between two chunks.
 */
final class ForwardRun {

    /** What is joined with a prefix is copied; a longer run costs a write of its own instead. */
    private static final int MAX_JOINED_BYTES = 4096;

    private final ByteBuffer scratch;
    private @Nullable ByteBuffer prefix;
    private @Nullable ByteBuffer buffer;
    private int from;
    private int to;

    /**
     * @param scratch of the loop: holds nothing between two calls
     */
    ForwardRun(ByteBuffer scratch) {
        this.scratch = scratch;
    }

    /** Goes out before, and with, what is added first. */
    void begin(ByteBuffer first) {
        prefix = first;
    }

    /** Whether the prefix has not gone out: nothing was added behind it. Forgets it. */
    boolean takeUnsent() {
        boolean unsent = prefix != null;
        prefix = null;
        return unsent;
    }

    /** These bytes go on to the receiver, behind all that were added before. */
    @SuppressWarnings("ReferenceEquality") // Two buffers with the same bytes are two places.
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
        ByteBuffer first = prefix;
        prefix = null;
        if (first != null && first.remaining() + to - from <= MAX_JOINED_BYTES) {
            scratch.clear().put(first.duplicate()).put(scratch.position(), source, from, to - from);
            receiver.write(scratch.position(0).limit(first.remaining() + to - from));
            return;
        }
        if (first != null) {
            receiver.write(first.duplicate());
        }
        int limit = source.limit();
        source.limit(to).position(from);
        receiver.write(source);
        source.limit(limit);
    }

    /** There is nobody to write to any more. */
    void clear() {
        buffer = null;
        prefix = null;
    }
}
