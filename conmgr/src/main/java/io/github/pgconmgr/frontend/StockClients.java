package io.github.pgconmgr.frontend;

import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Takes over the connections of drivers that know nothing of conmgr: the relay (ADR 9). Any thread. */
@FunctionalInterface
public interface StockClients {

    /**
     * This connection is the receiver's from now on, and its end.
     *
     * @param socket registered with no selector
     * @param received what the client has said already; belongs to the receiver; often empty on a port of its own
     * @param target the attribute that the port stands for; null for conmgr's own port
     * @param onClosed to be called once the socket has been closed; by any thread
     */
    void take(SocketChannel socket, ByteBuffer received, @Nullable TargetAttribute target, Runnable onClosed);
}
