package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.relay.protocol.BackendMessages;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.MessageSink;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * One client of the virtual database, behind its login: bytes in, bytes out. Speaks the simple and the extended protocol.
 *
 * <p>Confined to the relay's loop.
 */
public final class ConsoleSession {

    /** A longer message ends the session. */
    public static final int MAX_MESSAGE_BYTES = 1_000;

    /** Who sends on without reading the answers gets no more than that for one chunk. */
    static final int MAX_ANSWER_BYTES = 1 << 20;

    private static final String PROTOCOL_VIOLATION = "08P01";
    private static final String LIMIT_EXCEEDED = "54000";

    private final BackendMessages out = new BackendMessages();
    private final MessageScanner scanner = new MessageScanner();
    private final Messages messages = new Messages();
    private final ConsoleProtocol protocol;
    private boolean ended;

    /**
     * @param pictures taken once for a command that shows something
     */
    public ConsoleSession(Supplier<RelayPicture> pictures) {
        protocol = new ConsoleProtocol(new ConsoleCommands(pictures), out);
    }

    /** Takes the whole chunk and gives the answer, often empty. A mistake of the client ends the session; nothing is thrown. */
    public ByteBuffer onBytes(ByteBuffer chunk) {
        if (!ended) {
            try {
                scanner.scan(chunk, messages);
            } catch (MalformedException e) {
                fail(PROTOCOL_VIOLATION, String.valueOf(e.getMessage()));
            }
        }
        chunk.position(chunk.limit());
        return out.take();
    }

    /** Whether the connection is to be closed once the last answer has gone out. */
    public boolean isEnded() {
        return ended;
    }

    private void fail(String sqlState, String message) {
        if (!ended) {
            ended = true;
            out.append(new ErrorResponse(sqlState, message).encode());
        }
    }

    private void onMessage(int type, ByteBuffer buffer, int from, int to) {
        if (ended) {
            return;
        }
        if (to - from > MAX_MESSAGE_BYTES) {
            fail(LIMIT_EXCEEDED, "a message to this console has " + MAX_MESSAGE_BYTES + " bytes at most");
        } else if (out.size() > MAX_ANSWER_BYTES) {
            fail(LIMIT_EXCEEDED, "more commands than answers were read");
        } else if (type == 'X') {
            ended = true;
        } else {
            protocol.onMessage((char) type, buffer, from + MessageScanner.HEADER_BYTES, to);
        }
    }

    /** Of the scanner. Confined like its owner. */
    private final class Messages implements MessageSink {
        @Override
        public boolean wantsWhole(int type, int length) {
            return length <= MAX_MESSAGE_BYTES;
        }

        @Override
        public void onMessage(int type, ByteBuffer buffer, int from, int to) {
            ConsoleSession.this.onMessage(type, buffer, from, to);
        }

        @Override
        public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
            fail(LIMIT_EXCEEDED, "a message to this console has " + MAX_MESSAGE_BYTES + " bytes at most");
        }
    }
}
