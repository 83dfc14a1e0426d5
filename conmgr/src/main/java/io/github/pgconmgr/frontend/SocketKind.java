package io.github.pgconmgr.frontend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.Socket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * By what means the loops of front end and relay wait for their sockets: Linux's epoll through Netty's library, or the JDK's selector where
 * that cannot be loaded (ADR 12). One kind for both, as sockets go from one to the other.
 */
public enum SocketKind {
    EPOLL {
        @Override
        public IoHandlerFactory handlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        ServerChannel newListener() {
            return new EpollServerSocketChannel();
        }

        @Override
        BareSocket bare(Channel client, InetSocketAddress peer) {
            return new BareSocket.Descriptor((Socket) ((EpollSocketChannel) client).fd(), peer);
        }
    },
    NIO {
        @Override
        public IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        ServerChannel newListener() {
            return new ClientSocket.Listener();
        }

        @Override
        BareSocket bare(Channel client, InetSocketAddress peer) {
            return ((ClientSocket) client).bare(peer);
        }
    };

    /** That of this process. */
    public static SocketKind ofThisProcess() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** For a loop of that kind. */
    public abstract IoHandlerFactory handlers();

    abstract ServerChannel newListener();

    abstract BareSocket bare(Channel client, InetSocketAddress peer);

    /**
     * Gives a client's socket away; nothing more is read or written here. Netty's channels cannot change their loop, so only the socket
     * goes. The channel that is left stands for the connection among the front end's clients until it ends.
     *
     * <p>Netty takes the channel out of its loop in a task of its own. By epoll it still reads until then, if the client's end has come
     * together with its first packet: that end is the receiver's to see, and must not close the socket here.
     */
    final void handOver(Channel client, ByteBuffer received, StockClients receiver) {
        client.config().setAutoRead(false);
        BareSocket socket = bare(client, (InetSocketAddress) client.remoteAddress());
        client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        client.deregister().addListener(done -> {
            // A reset closes it all the same, and its descriptor may be somebody else's by now.
            if (client.isOpen()) {
                receiver.take(socket, received, () -> end(client));
            }
        });
    }

    private static void end(Channel client) {
        var unused = client.close();
    }
}
