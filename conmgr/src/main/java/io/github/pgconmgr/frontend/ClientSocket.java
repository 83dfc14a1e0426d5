package io.github.pgconmgr.frontend;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.internal.SocketUtils;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;

/** A client's socket by the JDK's selector, which can be taken out of its channel. Confined to the frontend loop. */
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

    BareSocket bare(InetSocketAddress peer) {
        return new BareSocket.Channel(javaChannel(), peer);
    }
}
