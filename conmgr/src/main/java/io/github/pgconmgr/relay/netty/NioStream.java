package io.github.pgconmgr.relay.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A socket by the JDK's selector, where there is no library for the processor. Confined to the relay's loop. */
final class NioStream implements Stream, NioIoHandle {

    private final IoEventLoop loop;
    private final SocketChannel socket;
    private final InetSocketAddress peer;
    private final Waiting waiting = new Waiting();
    private @Nullable Events events;
    private int wanted;

    NioStream(IoEventLoop loop, SocketChannel socket, InetSocketAddress peer) {
        this.loop = loop;
        this.socket = socket;
        this.peer = peer;
    }

    @Override
    public void register(Events listener) throws IOException {
        events = listener;
        waiting.start(loop, this);
    }

    @Override
    public void tell(Events listener) {
        events = listener;
    }

    /** While it is being connected, writable is what the selector calls connectable. */
    @Override
    public void want(boolean readable, boolean writable) {
        int write = socket.isConnected() ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
        int next = (readable ? SelectionKey.OP_READ : 0) | (writable ? write : 0);
        if (next != wanted) {
            wanted = next;
            waiting.want(NioIoOps.valueOf(next));
        }
    }

    @Override
    public boolean wantsReadable() {
        return (wanted & SelectionKey.OP_READ) != 0;
    }

    @Override
    public void silence() {
        waiting.end();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return socket.read(into);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        socket.write(from);
    }

    @Override
    public boolean finishConnect() throws IOException {
        return socket.finishConnect();
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public SelectableChannel selectableChannel() {
        return socket;
    }

    /** The selector does not tell a hang-up apart: it is something to read. */
    @Override
    public void handle(IoRegistration unused, IoEvent event) {
        Events listener = events;
        if (listener != null) {
            int ready = ((NioIoEvent) event).ops().value();
            boolean writable = (ready & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0;
            listener.onReady((ready & SelectionKey.OP_READ) != 0, writable, false);
        }
    }

    @Override
    public void close() {
        events = null;
        waiting.end();
        try {
            socket.close();
        } catch (IOException e) {
            // Its descriptor is free all the same.
        }
    }
}
