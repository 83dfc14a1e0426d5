package io.github.pgconmgr.relay.session;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Who reads what a client sends, at one time of its life. Confined to the relay's loop. */
interface ClientStage {

    /** See {@link io.github.pgconmgr.relay.io.ConnectionEvents#onBytes}. */
    void onBytes(ByteBuffer chunk, long nowNanos);

    /** The client reads again. */
    default void onWritable(long nowNanos) {}

    /** A second or so has passed. */
    default void onTick(long nowNanos) {}

    /** Its server connection; null without one. */
    default @Nullable ServerSession server() {
        return null;
    }

    /** The client is gone or must go: gives back or closes what it held. Once. */
    default void onEnd(long nowNanos) {}
}
