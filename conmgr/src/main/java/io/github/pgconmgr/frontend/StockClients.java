package io.github.pgconmgr.frontend;

import java.nio.ByteBuffer;

/** Takes over the connections of drivers that know nothing of conmgr, when they have come to conmgr's own port: the relay (ADR 9). Any thread. */
@FunctionalInterface
public interface StockClients {

    /**
     * This connection is the receiver's from now on, and its end.
     *
     * @param received what the client has said already; belongs to the receiver
     * @param onClosed to be called once the socket has been closed; by any thread
     */
    void take(BareSocket socket, ByteBuffer received, Runnable onClosed);

    /** The kind of socket that it takes. */
    default SocketKind sockets() {
        return SocketKind.ofThisProcess();
    }
}
