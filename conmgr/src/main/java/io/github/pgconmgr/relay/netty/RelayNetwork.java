package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.BareSocket;
import io.github.pgconmgr.frontend.SocketErrors;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.time.NanoClock;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sockets and timers of the relay's loop. Confined to it. */
final class RelayNetwork implements Network {

    /** What a read takes at most, and so about what may wait to be written for one connection. */
    static final int CHUNK_BYTES = 32 * 1024;

    private final EventLoop loop;
    private final Transport transport;
    private final NanoClock clock;
    private @Nullable ServerTls tls;

    /** The one buffer that the loop reads into: what is in it is taken within the call, so that the next read may have it again. */
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    RelayNetwork(EventLoop loop, Transport transport, NanoClock clock, @Nullable ServerTls tls) {
        this.loop = loop;
        this.transport = transport;
        this.clock = clock;
        this.tls = tls;
    }

    void useTls(ServerTls changed) {
        tls = changed;
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    ByteBuffer chunk() {
        return chunk.clear();
    }

    /** Behind what runs now. */
    void execute(Runnable task) {
        loop.execute(task);
    }

    void afterMillis(long millis, Runnable task) {
        var unused = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void dial(InetSocketAddress address, long limitNanos, Dialled dialled) {
        try {
            new Dialling(this, transport.connect(address), dialled).begin(limitNanos);
        } catch (IOException | RuntimeException e) {
            String reason = SocketErrors.reason(e);
            loop.execute(() -> dialled.onFailed(reason, nanoTime()));
        }
    }

    /** A connected socket that nobody else reads, with what it has said already; see {@link RelayLoop#adopt}. */
    void adopt(BareSocket socket, ByteBuffer received, RelayLoop.Acceptor acceptor, Runnable onClosed) {
        SocketConnection connection = begin(transport.adopt(socket), acceptor, onClosed);
        if (connection != null) {
            connection.take(received);
        }
    }

    /**
     * A socket that stands goes on as a connection.
     *
     * @return null if it could not be registered: it is closed then
     */
    @Nullable
    SocketConnection begin(Stream stream, RelayLoop.Acceptor acceptor, Runnable onClosed) {
        SocketConnection connection = new SocketConnection(this, stream, tls, onClosed);
        try {
            stream.register(connection);
        } catch (IOException e) {
            stream.close();
            onClosed.run();
            return null;
        }
        try {
            connection.tell(acceptor.accept(connection, nanoTime()));
        } catch (RuntimeException e) {
            connection.onMistake(e);
        }
        return connection;
    }

    @Override
    public Timer after(long delayNanos, Task task) {
        var scheduled = loop.schedule(() -> task.run(nanoTime()), delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }
}
