package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.BareSocket;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The JDK's selector, where Netty's library cannot be loaded. Confined to the relay's loop. */
final class NioTransport implements Transport {

    private final IoEventLoop loop;

    NioTransport(IoEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Stream connect(InetSocketAddress address) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            prepare(socket);
            socket.connect(address);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        return new NioStream(loop, socket, address);
    }

    private static void prepare(SocketChannel socket) throws IOException {
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    @Override
    public Stream adopt(BareSocket socket) {
        if (socket instanceof BareSocket.Channel bare) {
            return new NioStream(loop, bare.channel(), bare.peer());
        }
        throw new IllegalArgumentException("not a channel");
    }

    @Override
    public Listener listen(InetSocketAddress address, int backlog) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address, backlog);
            NioListener listener = new NioListener(socket);
            listener.waiting.start(loop, listener);
            return listener;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** A socket that listens. Confined to the relay's loop. */
    private final class NioListener implements Listener, NioIoHandle {

        private final ServerSocketChannel socket;
        private final Waiting waiting = new Waiting();
        private Runnable onWaiting = () -> {};

        NioListener(ServerSocketChannel socket) {
            this.socket = socket;
        }

        @Override
        public @Nullable Stream accept() throws IOException {
            SocketChannel accepted = socket.accept();
            if (accepted == null) {
                return null;
            }
            try {
                prepare(accepted);
                return new NioStream(loop, accepted, (InetSocketAddress) accepted.getRemoteAddress());
            } catch (IOException e) {
                // A client that has gone already: no failure of the listening socket.
                accepted.close();
                return null;
            }
        }

        @Override
        public void tell(Runnable listener) {
            onWaiting = listener;
        }

        @Override
        public void want(boolean accepting) {
            waiting.want(accepting ? NioIoOps.ACCEPT : NioIoOps.NONE);
        }

        @Override
        public InetSocketAddress address() {
            return (InetSocketAddress) socket.socket().getLocalSocketAddress();
        }

        @Override
        public void handle(IoRegistration unused, IoEvent event) {
            onWaiting.run();
        }

        @Override
        public SelectableChannel selectableChannel() {
            return socket;
        }

        @Override
        public void close() {
            waiting.end();
            try {
                socket.close();
            } catch (IOException e) {
                // Its descriptor is free all the same.
            }
        }
    }
}
