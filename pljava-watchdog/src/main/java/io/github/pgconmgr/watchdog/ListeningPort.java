package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.NoiseLog;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket on {@code watchdog.port}. For all addresses it is one socket for IPv6 and IPv4, or for IPv4 alone where
 * the host has no IPv6. A port in use, or an address that the host does not have (yet), does not harm the instance: it is logged
 * once and tried again.
 *
 * <p>Confined to the I/O thread.
 */
final class ListeningPort {

    /** After our restart all conmgrs come at once; whoever finds the queue full tries again only a second later. */
    private static final int BACKLOG = 1024;

    private final ListenPlan.Socket plan;
    private final int port;
    private final long retryNanos;
    private final NoiseLog.Sink log;
    private @Nullable ServerSocketChannel channel;
    private @Nullable SelectionKey key;
    private long retryAtNanos;
    private String lastProblem = "";

    ListeningPort(ListenPlan.Socket plan, int port, long retryNanos, long nowNanos, NoiseLog.Sink log) {
        this.plan = plan;
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
            log.log(LogLevel.LOG, "listening for heartbeats on " + where() + "port " + boundPort());
        } catch (IOException | UnsupportedOperationException e) {
            close();
            onProblem(nowNanos, "could not listen on " + where() + "watchdog.port " + port + ": " + e.getMessage());
        }
    }

    private String where() {
        return plan.address() == null ? "" : plan.address().getHostAddress() + " ";
    }

    private void bind(Selector selector) throws IOException {
        ServerSocketChannel opened = open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        opened.bind(
                plan.address() == null ? new InetSocketAddress(port) : new InetSocketAddress(plan.address(), port),
                BACKLOG);
        key = opened.register(selector, SelectionKey.OP_ACCEPT, this);
    }

    /** A socket of the address's own family: one for both would take 0.0.0.0 for every address. */
    private ServerSocketChannel open() throws IOException {
        if (plan.address() == null) {
            return ServerSocketChannel.open();
        }
        boolean ipv4 = plan.address() instanceof Inet4Address;
        return ServerSocketChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    }

    /** The next connection that has arrived, or null. */
    @Nullable
    SocketChannel accept(long nowNanos) {
        if (channel == null || key == null) {
            return null;
        }
        try {
            SocketChannel accepted = channel.accept();
            while (accepted != null && !serves(accepted)) {
                Channels.close(accepted);
                accepted = channel.accept();
            }
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

    private boolean serves(SocketChannel accepted) throws IOException {
        return plan.servesAll() || plan.serves(((InetSocketAddress) accepted.getLocalAddress()).getAddress());
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
