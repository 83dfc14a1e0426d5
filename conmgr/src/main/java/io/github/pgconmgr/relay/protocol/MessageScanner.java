package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;

/**
 * Walks one direction of a connection behind its start-up packet, message by message, in whatever chunks it comes. Copies nothing but
 * a header or a wanted message that a chunk's end has cut; allocates nothing as long as no message is cut.
 *
 * <p>Confined to the relay's loop.
 */
public final class MessageScanner {

    /** Type and length. */
    public static final int HEADER_BYTES = 5;

    /** A longer message comes in pieces, wanted whole or not. */
    public static final int MAX_WHOLE_BYTES = 16 * 1024;

    /** PostgreSQL takes and sends none that is longer (MaxAllocSize). */
    static final int MAX_LENGTH = 0x3fffffff;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What a chunk's end has cut: 1 to 4 bytes of a header, or a part of a message that is wanted whole. */
    private ByteBuffer kept = NOTHING;

    /** Bytes that are to be in {@link #kept} before something can be done; 0 if it is not in use. */
    private int wanted;

    /** Of a message that comes in pieces: its type, and how many of its bytes are still to come. */
    private int type;

    private int remaining;

    /** Nothing of a message has come whose rest has not. */
    public boolean isBetweenMessages() {
        return remaining == 0 && wanted == 0;
    }

    /**
     * Walks from the chunk's position to its limit. When it comes back all is taken; the sink may stop it before by an exception.
     *
     * @throws MalformedException if a length cannot be; the connection is to be closed then, what came before has been given
     */
    public void scan(ByteBuffer chunk, MessageSink sink) {
        int at = chunk.position();
        int end = chunk.limit();
        while (at < end) {
            if (wanted > 0) {
                at = fillKept(chunk, at, end, sink);
            } else if (remaining > 0) {
                at = goOn(chunk, at, end, sink);
            } else {
                at = begin(chunk, at, end, sink);
            }
        }
    }

    private int begin(ByteBuffer chunk, int at, int end, MessageSink sink) {
        int present = end - at;
        if (present < HEADER_BYTES) {
            keep(chunk, at, end, HEADER_BYTES);
            return end;
        }
        int messageType = chunk.get(at);
        int total = totalBytes(messageType, chunk.getInt(at + 1));
        if (total <= present) {
            sink.onMessage(messageType, chunk, at, at + total);
            return at + total;
        }
        if (total <= MAX_WHOLE_BYTES && sink.wantsWhole(messageType, total - 1)) {
            keep(chunk, at, end, total);
            return end;
        }
        type = messageType;
        remaining = total - present;
        sink.onPiece(type, chunk, at, end, MessageSink.Place.FIRST);
        return end;
    }

    private int goOn(ByteBuffer chunk, int at, int end, MessageSink sink) {
        int to = at + Math.min(remaining, end - at);
        remaining -= to - at;
        sink.onPiece(type, chunk, at, to, remaining == 0 ? MessageSink.Place.LAST : MessageSink.Place.MIDDLE);
        return to;
    }

    private void keep(ByteBuffer chunk, int at, int end, int need) {
        makeRoom(need);
        kept.put(kept.position(), chunk, at, end - at).position(kept.position() + end - at);
        wanted = need;
    }

    private void makeRoom(int need) {
        if (kept.capacity() < need) {
            ByteBuffer larger = ByteBuffer.allocate(need);
            larger.put(kept.flip());
            kept = larger;
        } else {
            kept.limit(kept.capacity());
        }
    }

    private int fillKept(ByteBuffer chunk, int at, int end, MessageSink sink) {
        int taken = Math.min(wanted - kept.position(), end - at);
        makeRoom(wanted);
        kept.put(kept.position(), chunk, at, taken).position(kept.position() + taken);
        if (kept.position() < wanted) {
            return end;
        }
        if (wanted > HEADER_BYTES) {
            giveKept(wanted, sink);
        } else {
            onKeptHeader(sink);
        }
        return at + taken;
    }

    /** A header is complete at last; what follows of its message, if anything, is in the chunk. */
    private void onKeptHeader(MessageSink sink) {
        int messageType = kept.get(0);
        int total = totalBytes(messageType, kept.getInt(1));
        if (total == HEADER_BYTES) {
            giveKept(total, sink);
        } else if (total <= MAX_WHOLE_BYTES && sink.wantsWhole(messageType, total - 1)) {
            wanted = total;
            makeRoom(total);
        } else {
            type = messageType;
            remaining = total - HEADER_BYTES;
            ByteBuffer header = takeKept();
            sink.onPiece(type, header, 0, HEADER_BYTES, MessageSink.Place.FIRST);
        }
    }

    private void giveKept(int total, MessageSink sink) {
        ByteBuffer message = takeKept();
        sink.onMessage(message.get(0), message, 0, total);
    }

    /** Given up before the sink is called: a connection that idles owns no buffer. */
    private ByteBuffer takeKept() {
        ByteBuffer taken = kept;
        kept = NOTHING;
        wanted = 0;
        return taken;
    }

    private static int totalBytes(int messageType, int length) {
        if (length < Integer.BYTES || length > MAX_LENGTH) {
            throw new MalformedException("length " + length + " of a message of type " + (messageType & 0xff));
        }
        return 1 + length;
    }
}
