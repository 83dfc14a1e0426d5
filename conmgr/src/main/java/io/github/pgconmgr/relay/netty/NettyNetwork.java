package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.time.NanoClock;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sockets and timers of the relay's loop. Confined to it. */
final class NettyNetwork implements Network {

    /** Who hears of a connection. */
    @FunctionalInterface
    interface Accept {
        ConnectionEvents accept(Connection connection, long nowNanos);
    }

    private final EventLoop loop;
    private final NanoClock clock;
    private @Nullable SslContext tls;
    private final LoopBuffer buffer = new LoopBuffer();

    NettyNetwork(EventLoop loop, NanoClock clock, @Nullable SslContext tls) {
        this.loop = loop;
        this.clock = clock;
        this.tls = tls;
    }

    void useTls(SslContext changed) {
        tls = changed;
    }

    @Override
    public void dial(InetSocketAddress address, long limitNanos, Dialled dialled) {
        RelaySocket socket = new RelaySocket();
        new Bootstrap()
                .group(loop)
                .channelFactory(() -> socket)
                .handler(new Nothing())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, buffer)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TimeUnit.NANOSECONDS.toMillis(limitNanos))
                .connect(address)
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        begin(socket, dialled::onConnected);
                    } else {
                        dialled.onFailed(String.valueOf(connected.cause().getMessage()), clock.nanoTime());
                    }
                });
    }

    /**
     * A connected socket that nobody else reads; goes on as a connection of this network.
     *
     * @param accept gives who hears of it
     * @param onClosed when it has ended
     */
    void adopt(SocketChannel socket, Accept accept, Runnable onClosed) {
        RelaySocket adopted = new RelaySocket(socket);
        adopted.config().setRecvByteBufAllocator(buffer);
        adopted.config().setAutoRead(false);
        adopted.closeFuture().addListener(closed -> onClosed.run());
        loop.register(adopted).addListener(registered -> {
            if (registered.isSuccess()) {
                begin(adopted, accept);
                adopted.config().setAutoRead(true);
            } else {
                var unused = adopted.close();
            }
        });
    }

    private void begin(RelaySocket socket, Accept accept) {
        NettyConnection connection = new NettyConnection(socket, buffer, clock, tls);
        socket.pipeline().addLast(connection);
        connection.tell(accept.accept(connection, clock.nanoTime()));
    }

    @Override
    public Timer after(long delayNanos, Task task) {
        var scheduled = loop.schedule(() -> task.run(clock.nanoTime()), delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** A socket that is being connected has nobody to tell yet. */
    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
