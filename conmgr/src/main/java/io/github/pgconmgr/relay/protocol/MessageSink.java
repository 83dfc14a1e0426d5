package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;

/** Gets the messages of one direction from a {@link MessageScanner}, in order. */
public interface MessageSink {

    /**
     * Whether a message is to come in one piece, whatever the pieces in which it was received. Asked once for each message that is
     * not complete in the chunk; the scanner says no itself above {@link MessageScanner#MAX_WHOLE_BYTES}.
     *
     * @param length as on the wire, without the type
     */
    boolean wantsWhole(int type, int length);

    /**
     * A message, header included. Buffer and bounds are valid during the call only, position and limit of the buffer may be moved.
     *
     * @param from index of the type
     * @param to behind the last byte
     */
    void onMessage(int type, ByteBuffer buffer, int from, int to);

    /**
     * A piece of a message that was not wanted whole, or was too long; the first one has the whole header.
     *
     * @param place whether something of it has come before, and whether something follows
     */
    void onPiece(int type, ByteBuffer buffer, int from, int to, Place place);

    /** Where in its message a piece stands; {@link #onMessage} has those that come in one. */
    enum Place {
        FIRST,
        MIDDLE,
        LAST
    }
}
