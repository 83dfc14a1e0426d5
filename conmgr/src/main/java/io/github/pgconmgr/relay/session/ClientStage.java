package io.github.pgconmgr.relay.session;

import java.nio.ByteBuffer;

/** Who reads what a client sends, at one time of its life. Confined to the relay's loop. */
interface ClientStage {

    /** See {@link io.github.pgconmgr.relay.io.ConnectionEvents#onBytes}. */
    void onBytes(ByteBuffer chunk, long nowNanos);

    /** The client reads again. */
    default void onWritable(long nowNanos) {}

    /** The client is gone or must go: gives back or closes what it held. Once. */
    default void onEnd(long nowNanos) {}
}
