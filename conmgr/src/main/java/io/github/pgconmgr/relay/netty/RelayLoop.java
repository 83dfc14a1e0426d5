package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.Admission;
import io.github.pgconmgr.frontend.BareSocket;
import io.github.pgconmgr.frontend.SocketErrors;
import io.github.pgconmgr.frontend.SocketKind;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.time.NanoClock;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The thread {@code relay}: one event loop for clients and server connections, so that neither heartbeats nor stage 1 wait for their bytes.
 *
 * <p>Shared: any thread posts tasks; started by the first one, ended by {@link #stop}.
 */
public final class RelayLoop {

    /** Takes a client's connection. */
    @FunctionalInterface
    public interface Acceptor {

        /** Gives who hears of it. */
        ConnectionEvents accept(Connection connection, long nowNanos);
    }

    private static final long STOP_LIMIT_MILLIS = 1000;

    private final IoEventLoopGroup group;
    private final IoEventLoop loop;
    private final Transport transport;
    private final NanoClock clock;
    private final RelayNetwork network;
    private final List<Door> doors = new ArrayList<>();

    /**
     * Makes the thread's group.
     *
     * @param tls null if clients are not offered it
     */
    public RelayLoop(NanoClock clock, @Nullable ServerTls tls) {
        this(clock, tls, SocketKind.ofThisProcess());
    }

    /** With sockets of that kind. */
    RelayLoop(NanoClock clock, @Nullable ServerTls tls, SocketKind sockets) {
        ThreadFactory thread = task -> new FastThreadLocalThread(task, "relay");
        this.group = new MultiThreadIoEventLoopGroup(1, thread, sockets.handlers());
        this.loop = group.next();
        this.clock = clock;
        this.transport = switch (sockets) {
            case EPOLL -> new EpollTransport(loop);
            case NIO -> new NioTransport(loop);
        };
        this.network = new RelayNetwork(loop, transport, clock, tls);
    }

    /** Another certificate, for connections that are accepted from now on. On the loop only. */
    public void useTls(ServerTls changed) {
        network.useTls(changed);
    }

    /** What the core asks; confined to the loop. */
    public Network network() {
        return network;
    }

    /** Runs the task with the time on the loop; false if that has ended. Any thread. */
    public boolean execute(Network.Task task) {
        try {
            loop.execute(() -> task.run(clock.nanoTime()));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs the task again and again. Any thread. */
    public void every(long periodNanos, Network.Task task) {
        var unused = loop.scheduleWithFixedDelay(
                () -> task.run(clock.nanoTime()), periodNanos, periodNanos, TimeUnit.NANOSECONDS);
    }

    /** Asks on the loop; fails with RejectedExecutionException after {@link #stop}. Any thread. */
    public <T> CompletableFuture<T> ask(LongFunction<T> question) {
        return CompletableFuture.supplyAsync(() -> question.apply(clock.nanoTime()), loop);
    }

    /**
     * Listens there. Blocks; not on the loop.
     *
     * @return where it listens
     * @throws IOException if it cannot
     */
    public InetSocketAddress listen(InetSocketAddress address, int backlog, Admission admission, Acceptor acceptor)
            throws IOException {
        Future<InetSocketAddress> listening = loop.submit(() -> {
            Door door = new Door(network, transport.listen(address, backlog), admission, acceptor);
            doors.add(door);
            return door.address();
        });
        listening.awaitUninterruptibly();
        if (!listening.isSuccess()) {
            throw new IOException(SocketErrors.reason(listening.cause()), listening.cause());
        }
        return listening.getNow();
    }

    /** Lets clients wait in the kernel's queue, or in again. On the loop only. */
    public void pauseListening(boolean pause) {
        doors.forEach(door -> door.pause(pause));
    }

    /** Lets nobody in any more; the ports are free at the loop's next turn. Blocks; not on the loop. */
    public void stopListening() {
        if (!group.isShuttingDown()) {
            loop.submit(() -> doors.forEach(Door::close)).awaitUninterruptibly(STOP_LIMIT_MILLIS);
        }
    }

    /**
     * A connected socket that no selector has; closed if this has ended. Any thread.
     *
     * @param received what the client has said already
     * @param accept gives who hears of it; on the loop
     * @param onClosed when it has ended; any thread
     */
    public void adopt(BareSocket socket, ByteBuffer received, Acceptor accept, Runnable onClosed) {
        try {
            loop.execute(() -> network.adopt(socket, received, accept, onClosed));
        } catch (RejectedExecutionException e) {
            onClosed.run();
        }
    }

    /**
     * Runs the last task and ends the thread. What the sockets have taken goes out, what waits for them does not. Blocks, for seconds at most;
     * a second call does nothing.
     */
    public void stop(Network.Task last) {
        if (group.isShuttingDown()) {
            return;
        }
        stopListening();
        loop.submit(() -> last.run(clock.nanoTime())).awaitUninterruptibly(STOP_LIMIT_MILLIS);
        group.shutdownGracefully(0, STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * STOP_LIMIT_MILLIS);
    }
}
