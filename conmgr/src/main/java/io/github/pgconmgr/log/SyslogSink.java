package io.github.pgconmgr.log;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The syslog daemon's local datagram socket, on a loop of its own ({@code syslog}). Java has no Unix datagrams, hence Netty's
 * native transport, which is loaded only if syslog is asked for.
 *
 * <p>Shared: the {@link Backlog} guards itself; socket and {@link SyslogLink} are confined to the loop.
 */
final class SyslogSink implements LogSink {

    private static final long RETRY_MILLIS = 1000;

    /** For what is waiting when it is closed. */
    private static final long LINGER_MILLIS = 1000;

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Backlog backlog;
    private final NanoClock clock;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final SyslogLink link;
    private final AtomicBoolean posted = new AtomicBoolean();

    private SyslogSink(SyslogFormatter formatter, Log trouble, Backlog backlog, NanoClock clock) {
        this.backlog = backlog;
        this.clock = clock;
        ThreadFactory thread = task -> new FastThreadLocalThread(task, "syslog");
        this.group = new MultiThreadIoEventLoopGroup(1, thread, EpollIoHandler.newFactory());
        this.loop = group.next();
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .remoteAddress(new DomainSocketAddress(formatter.settings().socket()))
                .handler(new FailureHandler());
        this.link = new SyslogLink(backlog, formatter, new Socket(), trouble);
    }

    /**
     * Opens it; whether anybody reads there shows later.
     *
     * @param trouble called on the loop, must not write to this sink
     */
    static SyslogSink open(SyslogSettings settings, long pid, Log trouble, WallClock wallClock, NanoClock clock)
            throws SyslogUnavailableException {
        if (!Epoll.isAvailable()) {
            throw new SyslogUnavailableException(rootOf(Epoll.unavailabilityCause()));
        }
        SyslogFormatter formatter = new SyslogFormatter(settings, hostName(), pid, ZoneId.systemDefault());
        SyslogSink sink = new SyslogSink(formatter, trouble, new Backlog(wallClock), clock);
        sink.loop.execute(sink.link::onAttempt);
        return sink;
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    /** "-" stands for an unknown one (RFC 5424). */
    private static String hostName() {
        try {
            String name = Files.readString(HOST_NAME).strip();
            return name.isEmpty() ? "-" : name;
        } catch (IOException e) {
            return "-";
        }
    }

    @Override
    public void accept(LogLine line) {
        backlog.add(line);
        // One task at most: the backlog's limit is the limit.
        if (posted.compareAndSet(false, true)) {
            try {
                loop.execute(this::onPosted);
            } catch (RejectedExecutionException e) {
                // It was closed meanwhile; the line went to the other destinations.
                return;
            }
        }
    }

    private void onPosted() {
        posted.set(false);
        link.onLine();
    }

    @Override
    public void awaitEmpty(long limitMillis) throws InterruptedException {
        backlog.awaitEmpty(limitMillis, clock);
    }

    @Override
    public void close() {
        var unused = loop.schedule(this::end, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void end() {
        link.onClose();
        var unused = group.shutdownGracefully(0, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The link's commands to the socket. Confined to the loop. */
    private final class Socket implements SyslogLink.Commands {
        private @Nullable Channel channel;

        @Override
        public void connect() {
            ChannelFuture attempt = bootstrap.connect();
            channel = attempt.channel();
            attempt.addListener(done -> onDone(attempt, link::onConnected));
        }

        @Override
        public void send(byte[] datagram) {
            if (channel == null) {
                throw new IllegalStateException("the link sends only behind a connect");
            }
            ChannelFuture sent = channel.writeAndFlush(Unpooled.wrappedBuffer(datagram));
            sent.addListener(done -> onDone(sent, link::onSent));
        }

        private void onDone(ChannelFuture done, Runnable onSuccess) {
            if (!loop.inEventLoop()) {
                // A socket that could not be made, for want of descriptors, belongs to no loop.
                loop.execute(() -> onDone(done, onSuccess));
                return;
            }
            // What was under way on a socket that was dropped means nothing any more.
            if (done.channel() != channel) {
                return;
            }
            if (done.isSuccess()) {
                onSuccess.run();
            } else {
                link.onFailed(reasonOf(done.cause()));
            }
        }

        @Override
        public void disconnect() {
            Channel dropped = channel;
            channel = null;
            if (dropped != null) {
                var unused = dropped.close();
            }
        }

        @Override
        public void retryLater() {
            var unused = loop.schedule(link::onAttempt, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }

        private String reasonOf(Throwable cause) {
            return cause instanceof FileNotFoundException ? "no such file" : String.valueOf(cause.getMessage());
        }
    }

    /** Whatever else befalls the socket. Confined to the loop. */
    @ChannelHandler.Sharable
    private final class FailureHandler extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            link.onFailed(String.valueOf(cause.getMessage()));
        }
    }
}
