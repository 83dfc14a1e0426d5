package io.github.pgconmgr.testkit.sim;

import java.nio.ByteBuffer;

/** What a process hears from one of its sockets, when its loop gets round to it. */
public interface SimSocketHandler {

    /** The connection that this side began stands. */
    default void onConnected() {
        throw new IllegalStateException("this side has not begun to connect");
    }

    /** The port that this side asked was refused. */
    default void onRefused() {
        throw new IllegalStateException("this side has not begun to connect");
    }

    /** The kernel has a message; the process will only know when its loop runs. For the bookkeeping of an oracle. */
    default void onArrived(ByteBuffer data) {}

    /** One message came, whole. */
    void onData(ByteBuffer data);

    /** The other side ended (FIN) or the connection broke (RST). */
    void onClosed();
}
