package io.github.pgconmgr.watchdog;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/** A socket channel without a socket: what arrives, and how much it takes, is said by the test. Confined to the test's thread. */
final class FakeChannel extends SocketChannel {

    private final Deque<ByteBuffer> arrived = new ArrayDeque<>();
    private final InetSocketAddress remote;
    private int room = Integer.MAX_VALUE;
    private boolean ended;

    /**
     * @param host the last byte of the other side's address
     */
    FakeChannel(int host) {
        super(SelectorProvider.provider());
        try {
            remote = new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host}), 40_000 + host);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void arrives(byte[] bytes) {
        arrived.add(ByteBuffer.wrap(bytes));
    }

    void ends() {
        ended = true;
    }

    /** From now on its socket's buffer has room for so much, in all. */
    void takesBytes(int count) {
        room = count;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        ByteBuffer first = arrived.peek();
        if (first == null) {
            return ended ? -1 : 0;
        }
        int count = Math.min(first.remaining(), into.remaining());
        into.put(first.slice(first.position(), count));
        first.position(first.position() + count);
        if (!first.hasRemaining()) {
            arrived.remove();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) {
        int count = Math.min(room, from.remaining());
        room -= room == Integer.MAX_VALUE ? 0 : count;
        from.position(from.position() + count);
        return count;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        return this;
    }

    @Override
    protected void implCloseSelectableChannel() {
        arrived.clear();
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // There is nothing that could block.
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public SocketChannel shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel shutdownOutput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean finishConnect() {
        return true;
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getLocalAddress() {
        throw new UnsupportedOperationException();
    }
}
