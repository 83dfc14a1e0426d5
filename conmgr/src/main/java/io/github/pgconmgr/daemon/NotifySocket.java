package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The datagram socket that {@code NOTIFY_SOCKET} names. Java has no Unix datagrams; Netty's native transport, which syslog uses
 * too, has. The program systemd-notify would be another process, which systemd believes only with NotifyAccess=all, and the start
 * script could not say when the port is open. The loop of its own ({@code notify}) sends what a full socket did not take.
 *
 * <p>Shared: Netty's channel guards itself. A service manager that is gone gets nothing more, said once; conmgr lives on.
 */
final class NotifySocket implements ServiceManager.Line, AutoCloseable {

    /** The environment variable by which systemd names it. */
    static final String VARIABLE = "NOTIFY_SOCKET";

    /** For what is waiting when it is closed. */
    private static final long LINGER_MILLIS = 1000;

    private final @Nullable EventLoopGroup group;
    private final @Nullable Channel channel;
    private final Log log;
    private final String path;
    private @Nullable ChannelFuture last;
    private boolean failed;

    private NotifySocket(@Nullable EventLoopGroup group, @Nullable Channel channel, String path, Log log) {
        this.group = group;
        this.channel = channel;
        this.path = path;
        this.log = log;
    }

    /**
     * Opens it; blocks for no longer than a local connect takes. What goes wrong is logged, here and later.
     *
     * @param path of the socket; a first {@code @} stands for the abstract name space; null or empty: nobody listens
     */
    static NotifySocket open(@Nullable String path, Log log) {
        if (path == null || path.isEmpty()) {
            return new NotifySocket(null, null, "", log);
        }
        if (!Epoll.isAvailable()) {
            log.write(Message.NOTIFY_FAILED, Daemon.COMPONENT, path, Epoll.unavailabilityCause());
            return new NotifySocket(null, null, path, log);
        }
        ThreadFactory thread = task -> new FastThreadLocalThread(task, "notify");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, thread, EpollIoHandler.newFactory());
        ChannelFuture opened = new Bootstrap()
                .group(group)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(path.startsWith("@") ? "\0" + path.substring(1) : path))
                .awaitUninterruptibly();
        NotifySocket socket = new NotifySocket(group, opened.channel(), path, log);
        if (!opened.isSuccess()) {
            socket.onFailure(opened.cause());
        }
        return socket;
    }

    @Override
    public synchronized boolean isOpen() {
        return channel != null && !failed;
    }

    @Override
    public synchronized void send(String message) {
        if (channel == null || failed) {
            return;
        }
        last = channel.writeAndFlush(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8));
        last.addListener(sent -> {
            if (!sent.isSuccess()) {
                onFailure(sent.cause());
            }
        });
    }

    private synchronized void onFailure(Throwable cause) {
        if (!failed) {
            failed = true;
            log.write(Message.NOTIFY_FAILED, Daemon.COMPONENT, path, cause);
        }
    }

    /** Blocks until the last message is out, at most a second. */
    @Override
    public void close() {
        ChannelFuture pending = pending();
        if (pending != null) {
            pending.awaitUninterruptibly(LINGER_MILLIS);
        }
        if (group != null) {
            var unused = group.shutdownGracefully(0, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized @Nullable ChannelFuture pending() {
        return last;
    }
}
