package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.NoiseLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket on {@code watchdog.port}, all addresses: one socket for IPv6 and IPv4, or for IPv4 alone where the host
 * has no IPv6. A port in use does not harm the instance: it is logged once and tried again.
 *
 * <p>Confined to the I/O thread.
 */
final class ListeningPort {

    /** After our restart all conmgrs come at once; whoever finds the queue full tries again only a second later. */
    private static final int BACKLOG = 1024;

    private final int port;
    private final long retryNanos;
    private final NoiseLog.Sink log;
    private @Nullable ServerSocketChannel channel;
    private @Nullable SelectionKey key;
    private long retryAtNanos;
    private String lastProblem = "";

    ListeningPort(int port, long retryNanos, long nowNanos, NoiseLog.Sink log) {
        this.port = port;
        this.retryNanos = retryNanos;
        this.retryAtNanos = nowNanos;
        this.log = log;
    }

    /** Binds, or listens again after an accept failed, when it is time to. */
    void onTick(long nowNanos, Selector selector) {
        if (isListening() || nowNanos - retryAtNanos < 0) {
            return;
        }
        if (key != null) {
            key.interestOps(SelectionKey.OP_ACCEPT);
            return;
        }
        try {
            bind(selector);
            lastProblem = "";
            log.log(LogLevel.LOG, "listening for heartbeats on port " + boundPort());
        } catch (IOException e) {
            close();
            onProblem(nowNanos, "could not listen on watchdog.port " + port + ": " + e.getMessage());
        }
    }

    private void bind(Selector selector) throws IOException {
        ServerSocketChannel opened = ServerSocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        opened.bind(new InetSocketAddress(port), BACKLOG);
        key = opened.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** The next connection that has arrived, or null. */
    @Nullable
    SocketChannel accept(long nowNanos) {
        if (channel == null || key == null) {
            return null;
        }
        try {
            SocketChannel accepted = channel.accept();
            if (accepted != null) {
                lastProblem = "";
            }
            return accepted;
        } catch (IOException e) {
            // For example no descriptor left: the port stays ready, and without a pause the loop would spin.
            key.interestOps(0);
            onProblem(nowNanos, "could not accept a heartbeat connection: " + e.getMessage());
            return null;
        }
    }

    private void onProblem(long nowNanos, String problem) {
        retryAtNanos = nowNanos + retryNanos;
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            log.log(LogLevel.WARNING, problem + "; trying again every second");
        }
    }

    boolean isListening() {
        return key != null && key.interestOps() != 0;
    }

    /** When {@link #onTick} must be called, if it is not listening. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    boolean owns(SelectionKey other) {
        return key == other;
    }

    /** The port it really got, 0 if it is not bound. */
    int boundPort() {
        return channel == null ? 0 : channel.socket().getLocalPort();
    }

    void close() {
        Channels.close(channel);
        channel = null;
        key = null;
    }
}
