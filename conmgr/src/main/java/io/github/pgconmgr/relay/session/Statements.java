package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.prepared.Answer;
import io.github.pgconmgr.relay.prepared.StatementRewriter;
import io.github.pgconmgr.relay.prepared.ToServer;
import io.github.pgconmgr.relay.protocol.MessageSink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of messages with regard to prepared statements: nothing, but in transaction mode, where they follow their client. Confined to
 * the relay's loop; belongs to a client.
 */
final class Statements {

    private static final byte[] PARSE_COMPLETE = {'1', 0, 0, 0, 4};

    private final @Nullable StatementRewriter rewriter;
    private final ByteBuffer parseComplete = ByteBuffer.wrap(PARSE_COMPLETE);

    Statements(@Nullable StatementRewriter rewriter) {
        this.rewriter = rewriter;
    }

    /** Another server connection. */
    void attach(ServerSession server) {
        if (rewriter != null) {
            rewriter.attach(server.statements());
        }
    }

    /** The client is gone. */
    void end() {
        if (rewriter != null) {
            rewriter.end();
        }
    }

    /** Whether what the client has sent waits for answers to what it sent before: it is not to be read from meanwhile. */
    boolean isHolding() {
        return rewriter != null && rewriter.isHolding();
    }

    /** The server has answered something: sends what need not wait any more. */
    void goOn(ToServer out) {
        if (rewriter != null) {
            rewriter.goOn(out);
        }
    }

    /** How many the client has prepared. */
    int size() {
        return rewriter == null ? 0 : rewriter.size();
    }

    boolean wantsWhole(int type) {
        return rewriter != null && rewriter.wantsWhole(type);
    }

    void onMessage(int type, ByteBuffer buffer, int from, int to, ToServer out) {
        if (rewriter == null) {
            out.forward(buffer, from, to);
        } else {
            rewriter.onMessage(type, buffer, from, to, out);
        }
    }

    void onPiece(int type, ByteBuffer buffer, int from, int to, MessageSink.Place place, ToServer out) {
        if (rewriter == null) {
            out.forward(buffer, from, to);
        } else {
            rewriter.onPiece(type, buffer, from, to, place, out);
        }
    }

    boolean wantsWholeAnswer(int type, int length) {
        return rewriter != null && rewriter.wantsWholeAnswer(type, length);
    }

    /** What the client gets for a message of the server. */
    Answer onAnswer(int type, ByteBuffer buffer, int from, int to) {
        return rewriter == null ? Answer.FORWARD : rewriter.onAnswer(type, buffer, from, to);
    }

    /** A message of the server begins that comes in pieces. */
    void onLongAnswer(int type) {
        if (rewriter != null) {
            rewriter.onLongAnswer(type);
        }
    }

    /** The whole message that {@link Answer#PARSE_COMPLETE} stands for; not to be moved. */
    ByteBuffer parseComplete() {
        return parseComplete;
    }
}
