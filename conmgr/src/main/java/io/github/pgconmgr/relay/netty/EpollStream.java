package io.github.pgconmgr.relay.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A socket by Linux's own calls, through Netty's library: no channel, no pipeline. Confined to the relay's loop. */
final class EpollStream implements Stream, EpollIoHandle {

    private static final int READABLE = EpollIoOps.EPOLLIN.value();
    private static final int WRITABLE = EpollIoOps.EPOLLOUT.value();
    private static final int HUNG_UP = EpollIoOps.EPOLLERR.value() | 0x10;

    /**
     * Neither readable nor writable; the kernel tells of errors and hang-ups in any case. Not "nothing": on that Netty (4.2.18) takes the
     * descriptor out of epoll, does not note it, and fails to wait for it ever after.
     */
    static final EpollIoOps PAUSED = EpollIoOps.EPOLLERR;

    private static final EpollIoOps[] WANTED = {
        PAUSED, EpollIoOps.valueOf(READABLE), EpollIoOps.valueOf(WRITABLE), EpollIoOps.valueOf(READABLE | WRITABLE)
    };

    private final IoEventLoop loop;
    private final Socket socket;
    private final InetSocketAddress peer;
    private final ByteBuffer outgoing;
    private final Waiting waiting = new Waiting();
    private @Nullable Events events;
    private int wanted;

    /**
     * @param outgoing the loop's, direct: what lies in the heap goes out through it
     */
    EpollStream(IoEventLoop loop, Socket socket, InetSocketAddress peer, ByteBuffer outgoing) {
        this.loop = loop;
        this.socket = socket;
        this.peer = peer;
        this.outgoing = outgoing;
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

    @Override
    public void want(boolean readable, boolean writable) {
        int next = (readable ? 1 : 0) | (writable ? 2 : 0);
        if (next != wanted) {
            wanted = next;
            waiting.want(WANTED[next]);
        }
    }

    @Override
    public boolean wantsReadable() {
        return (wanted & 1) != 0;
    }

    @Override
    public void silence() {
        waiting.end();
    }

    /** By recv and an address, as {@link #send}: read and a buffer cost the kernel and the JVM more steps. */
    @Override
    public int read(ByteBuffer into) throws IOException {
        int bytes = socket.recvAddress(Buffer.memoryAddress(into), into.position(), into.limit());
        if (bytes > 0) {
            into.position(into.position() + bytes);
        }
        return bytes;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        if (from.isDirect()) {
            from.position(from.position() + send(from, from.position(), from.limit()));
            return;
        }
        while (from.hasRemaining()) {
            int part = Math.min(from.remaining(), outgoing.capacity());
            outgoing.put(0, from, from.position(), part);
            int written = send(outgoing, 0, part);
            from.position(from.position() + written);
            if (written < part) {
                return;
            }
        }
    }

    private int send(ByteBuffer direct, int position, int limit) throws IOException {
        return socket.sendAddress(Buffer.memoryAddress(direct), position, limit);
    }

    @Override
    public boolean finishConnect() throws IOException {
        // No error yet is no connection: the event may be another socket's that had this descriptor before.
        return socket.finishConnect() && socket.remoteAddress() != null;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration unused, IoEvent event) {
        Events listener = events;
        if (listener != null) {
            int ready = ((EpollIoEvent) event).ops().value();
            listener.onReady((ready & READABLE) != 0, (ready & WRITABLE) != 0, (ready & HUNG_UP) != 0);
        }
    }

    /** The kernel forgets who waited for it: the registration is ended behind that, which saves a call. */
    @Override
    public void close() {
        events = null;
        try {
            socket.close();
        } catch (IOException e) {
            // Its descriptor is free all the same.
        }
        waiting.end();
    }
}
