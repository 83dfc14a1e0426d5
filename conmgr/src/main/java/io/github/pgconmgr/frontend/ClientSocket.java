package io.github.pgconmgr.frontend;

import io.github.pgconmgr.wire.redirect.TargetAttribute;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.internal.SocketUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's socket, which can be handed over to another loop: Netty's channels cannot change theirs, so only the socket goes. The channel
 * that is left stands for the connection among the front end's clients until it ends, so that it counts as one of them.
 *
 * <p>Confined to the frontend loop.
 */
final class ClientSocket extends NioSocketChannel {

    /** Accepts such sockets. */
    static final class Listener extends NioServerSocketChannel {

        @Override
        protected int doReadMessages(List<Object> accepted) throws IOException {
            SocketChannel socket = SocketUtils.accept(javaChannel());
            if (socket == null) {
                return 0;
            }
            accepted.add(new ClientSocket(this, socket));
            return 1;
        }
    }

    private ClientSocket(Channel listener, SocketChannel socket) {
        super(listener, socket);
    }

    /** Gives the socket away; nothing more is read or written here. */
    void handOver(ByteBuffer received, @Nullable TargetAttribute target, StockClients receiver) {
        config().setAutoRead(false);
        deregister().addListener(done -> receiver.take(javaChannel(), received, target, this::end));
    }

    private void end() {
        var unused = close();
    }
}
