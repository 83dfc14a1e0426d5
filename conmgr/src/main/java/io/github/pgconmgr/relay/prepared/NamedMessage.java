package io.github.pgconmgr.relay.prepared;

import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A message of a client, and where in it the name of a statement stands. Used again for each message; confined to the relay's loop. */
final class NamedMessage {

    private static final int HEADER = MessageScanner.HEADER_BYTES;

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int from;
    private int to;
    private int total;
    private int nameFrom;
    private int nameTo;

    /** Rewritten beginnings. */
    private ByteBuffer beginning = ByteBuffer.allocate(256);

    /**
     * Looks at another one, which is there up to {@code end}.
     *
     * @param wholeBytes its length with the type, of which the rest may come later
     */
    NamedMessage at(ByteBuffer message, int begin, int end, int wholeBytes) {
        buffer = message;
        from = begin;
        to = end;
        total = wholeBytes;
        return this;
    }

    /** The name begins so many bytes behind the header. */
    NamedMessage findName(int offset) {
        nameFrom = from + HEADER + offset;
        nameTo = LongMessage.endOfText(buffer, nameFrom, to);
        if (nameTo < 0) {
            throw new MalformedException("a name without an end");
        }
        return this;
    }

    /** The name begins behind another one, a portal's. */
    NamedMessage findSecondName() {
        findName(0);
        return findName(nameTo + 1 - from - HEADER);
    }

    /** Whether it is a Describe or Close of a statement, and not of a portal. */
    boolean isOfStatement() {
        return to - from > HEADER && buffer.get(from + HEADER) == 'S';
    }

    boolean isUnnamed() {
        return nameTo == nameFrom;
    }

    ClientStatements.@Nullable Named findIn(ClientStatements statements) {
        return isUnnamed() ? null : statements.find(buffer, nameFrom, nameTo);
    }

    Bytes name() {
        return Bytes.copyOf(buffer, nameFrom, nameTo);
    }

    /** What stands behind the name. */
    Bytes definition() {
        return Bytes.copyOf(buffer, nameTo + 1, to);
    }

    /** Sends it as it is. */
    void forward(ToServer out) {
        out.forward(buffer, from, to);
    }

    /** Sends it with another name, which has its zero behind it. */
    void forwardAs(byte[] name, ToServer out) {
        int kept = nameFrom - from;
        if (beginning.capacity() < kept + name.length) {
            beginning = ByteBuffer.allocate(kept + name.length);
        }
        beginning.clear();
        beginning.put(0, buffer, from, kept).putInt(1, total - 1 - (nameTo + 1 - nameFrom) + name.length);
        beginning.position(kept).put(name);
        out.send(beginning.flip());
        if (nameTo + 1 < to) {
            out.forward(buffer, nameTo + 1, to);
        }
    }
}
