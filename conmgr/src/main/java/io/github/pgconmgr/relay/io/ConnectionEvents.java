package io.github.pgconmgr.relay.io;

import java.nio.ByteBuffer;

/** What happens to a {@link Connection}. Called on the relay's loop, one call at a time; the time is that of the loop's turn. */
public interface ConnectionEvents {

    /**
     * Bytes have come.
     *
     * @param chunk never empty, valid during the call only; all from position to limit is taken, and position and limit may be moved
     */
    void onBytes(ByteBuffer chunk, long nowNanos);

    /** It is congested no more. */
    void onWritable(long nowNanos);

    /**
     * The peer has gone for good while it is not read from: nothing that is written arrives any more. What it has said before can still be
     * read, and {@link #onClosed} comes behind that. Not told where the operating system does not tell.
     */
    default void onHungUp(long nowNanos) {}

    /**
     * It has ended, by whomever. Once, the last call.
     *
     * @param reason for the log; empty for an ordinary end
     */
    void onClosed(String reason, long nowNanos);
}
