package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MessageSink;

/** Who has a server connection at one time of its life, and gets its messages. Confined to the relay's loop. */
interface ServerUser extends MessageSink {

    /** Messages of a chunk will be given. */
    default void onChunkBegin(long nowNanos) {}

    /** All messages of a chunk have been given. */
    void onChunkEnd(long nowNanos);

    /** The server reads again. */
    default void onServerWritable(long nowNanos) {}

    /**
     * It has ended, or must not be used any more; it is closed already.
     *
     * @param last for a client that has not been told by the server itself
     */
    void onServerEnded(ErrorResponse last, long nowNanos);
}
