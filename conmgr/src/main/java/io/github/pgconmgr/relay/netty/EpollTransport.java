package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.BareSocket;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Linux's epoll, through Netty's library. Confined to the relay's loop. */
final class EpollTransport implements Transport {

    private static final int OUTGOING_BYTES = 16 * 1024;

    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(OUTGOING_BYTES);
    private final IoEventLoop loop;

    EpollTransport(IoEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Stream connect(InetSocketAddress address) throws IOException {
        LinuxSocket socket = LinuxSocket.newSocketStream(address.getAddress() instanceof Inet6Address);
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(address);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        return new EpollStream(loop, socket, address, outgoing);
    }

    @Override
    public Stream adopt(BareSocket socket) {
        if (socket instanceof BareSocket.Descriptor bare) {
            return new EpollStream(loop, bare.socket(), bare.peer(), outgoing);
        }
        throw new IllegalArgumentException("not a descriptor");
    }

    @Override
    public Listener listen(InetSocketAddress address, int backlog) throws IOException {
        // "All addresses" are those of IPv4 as well, where IPv6 is on.
        LinuxSocket socket = address.getAddress().isAnyLocalAddress()
                ? LinuxSocket.newSocketStream()
                : LinuxSocket.newSocketStream(address.getAddress() instanceof Inet6Address);
        try {
            socket.setReuseAddress(true);
            // Who is accepted inherits both.
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.bind(address);
            socket.listen(backlog);
            EpollListener listener = new EpollListener(socket);
            listener.waiting.start(loop, listener);
            return listener;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** A socket that listens. Confined to the relay's loop. */
    private final class EpollListener implements Listener, EpollIoHandle {

        /** An IPv6 address, its scope, a port, and before them how long that is. */
        private final byte[] peer = new byte[26];

        private final Socket socket;
        private final Waiting waiting = new Waiting();
        private Runnable onWaiting = () -> {};

        EpollListener(Socket socket) {
            this.socket = socket;
        }

        @Override
        public @Nullable Stream accept() throws IOException {
            int descriptor = socket.accept(peer);
            return descriptor < 0
                    ? null
                    : new EpollStream(
                            loop, new Socket(descriptor), NativeInetAddress.address(peer, 1, peer[0]), outgoing);
        }

        @Override
        public void tell(Runnable listener) {
            onWaiting = listener;
        }

        @Override
        public void want(boolean accepting) {
            waiting.want(accepting ? EpollIoOps.EPOLLIN : EpollStream.PAUSED);
        }

        @Override
        public InetSocketAddress address() {
            return socket.localAddress();
        }

        @Override
        public void handle(IoRegistration unused, IoEvent event) {
            onWaiting.run();
        }

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // Its descriptor is free all the same.
            }
            waiting.end();
        }
    }
}
