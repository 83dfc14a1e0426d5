package io.github.pgconmgr.frontend;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Takes over the connections of drivers that know nothing of conmgr: the relay (ADR 9). Any thread. */
@FunctionalInterface
public interface StockClients {

    /**
     * This connection is the receiver's from now on, and its end.
     *
     * @param socket registered with no selector
     * @param received what the client has said already; belongs to the receiver
     * @param onClosed to be called once the socket has been closed; by any thread
     */
    void take(SocketChannel socket, ByteBuffer received, Runnable onClosed);
}
