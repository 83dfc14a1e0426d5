package io.github.pgconmgr.admin;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/**
 * The control socket's loop: accepts cm_ctl, reads a line, answers (C8 to C10). Only the owner of the socket, and root, is
 * heard: its mode is 0600, and the kernel is asked who connected.
 *
 * <p>Confined to the admin thread, but for {@link #onTopologyChanged}, {@link #unlink} and {@link #close}, which any
 * thread may call. The
 * daemon creates and closes it. When it fails, conmgr ends: one that nobody can ask or stop is half-alive.
 */
public final class AdminServer implements Runnable, AutoCloseable {

    private static final String COMPONENT = "control socket";

    private final Path path;
    private final UserPrincipal owner;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final ControlAnswers answers;
    private final Log log;
    private final NanoClock clock;
    private final SelectionKey acceptKey;
    private long acceptAgainNanos;
    private volatile boolean closing;

    private AdminServer(Path path, ServerSocketChannel server, ControlAnswers answers, Log log, NanoClock clock)
            throws IOException {
        this.path = path;
        this.owner = Files.getOwner(path);
        this.server = server;
        this.answers = answers;
        this.log = log;
        this.clock = clock;
        this.selector = Selector.open();
        server.configureBlocking(false);
        this.acceptKey = server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Binds the socket, in place of one that a dead conmgr left behind: the caller holds the directory's lock.
     *
     * @throws IOException with a reason for the user
     */
    public static AdminServer open(Path directory, ControlAnswers answers, Log log, NanoClock clock)
            throws IOException {
        UnixDomainSocketAddress address = ControlSocket.addressIn(directory);
        Files.deleteIfExists(address.getPath());
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(address);
            Files.setPosixFilePermissions(address.getPath(), PosixFilePermissions.fromString("rw-------"));
            return new AdminServer(address.getPath(), server, answers, log, clock);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Serves until {@link #close}. */
    @Override
    public void run() {
        try {
            while (!closing) {
                turn();
            }
            for (ControlConnection connection : connections()) {
                connection.close();
            }
            server.close();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks again at what is awaited. Any thread may call it. */
    public void onTopologyChanged() {
        selector.wakeup();
    }

    private void turn() throws IOException {
        selector.select(selectMillis(clock.nanoTime()));
        long nowNanos = clock.nanoTime();
        resumeAccepting(nowNanos);
        Set<SelectionKey> selected = selector.selectedKeys();
        for (SelectionKey key : selected) {
            if (key.attachment() instanceof ControlConnection connection) {
                guarded(connection, () -> onReady(key, connection, nowNanos));
            } else {
                accept(nowNanos);
            }
        }
        selected.clear();
        for (ControlConnection connection : connections()) {
            guarded(connection, () -> onTurn(connection, nowNanos));
        }
    }

    private void onReady(SelectionKey key, ControlConnection connection, long nowNanos) throws IOException {
        if (key.isReadable()) {
            var line = connection.onReadable();
            if (line.isPresent()) {
                answers.onRequest(connection, line.get(), nowNanos);
            }
        }
        if (key.isValid() && key.isWritable()) {
            connection.onWritable();
        }
    }

    private void onTurn(ControlConnection connection, long nowNanos) throws IOException {
        if (connection.hasDeadline() && nowNanos - connection.deadlineNanos() >= 0) {
            throw new IOException("the client is too slow in " + connection.phase());
        }
        if (connection.phase() == ControlConnection.Phase.AWAITING) {
            answers.onAwaiting(connection, nowNanos);
        }
    }

    /** Time until the next deadline, in milliseconds, at least 1; 0 means for ever. */
    private long selectMillis(long nowNanos) {
        long leastNanos = isAcceptingPaused() ? acceptAgainNanos - nowNanos : Long.MAX_VALUE;
        for (ControlConnection connection : connections()) {
            if (connection.hasDeadline()) {
                leastNanos = Math.min(leastNanos, connection.deadlineNanos() - nowNanos);
            }
        }
        return leastNanos == Long.MAX_VALUE ? 0 : Math.max(1, leastNanos / 1_000_000 + 1);
    }

    private List<ControlConnection> connections() {
        return selector.keys().stream()
                .map(SelectionKey::attachment)
                .filter(ControlConnection.class::isInstance)
                .map(ControlConnection.class::cast)
                .filter(ControlConnection::isOpen)
                .toList();
    }

    private void accept(long nowNanos) throws IOException {
        SocketChannel channel;
        try {
            channel = server.accept();
        } catch (IOException e) {
            // Out of descriptors, most likely. The client stays in the backlog and would wake us again and again.
            log.write(Message.CONTROL_FAILED, COMPONENT, String.valueOf(e.getMessage()));
            acceptKey.interestOps(0);
            acceptAgainNanos = nowNanos + ControlLimits.ACCEPT_PAUSE.toNanos();
            return;
        }
        if (channel == null) {
            return;
        }
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        ControlConnection connection = new ControlConnection(channel, key, nowNanos);
        guarded(connection, () -> {
            if (!isOurs(channel)) {
                answers.refuse(connection, "only the user who started conmgr, and root, may speak to it", nowNanos);
            } else if (connections().size() >= ControlLimits.MAX_CONNECTIONS) {
                answers.refuse(connection, "too many control connections", nowNanos);
            }
        });
        key.attach(connection);
    }

    private boolean isAcceptingPaused() {
        return acceptKey.interestOps() == 0;
    }

    private void resumeAccepting(long nowNanos) {
        if (isAcceptingPaused() && nowNanos - acceptAgainNanos >= 0) {
            acceptKey.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private boolean isOurs(SocketChannel channel) throws IOException {
        UserPrincipal peer =
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        boolean ours = peer.equals(owner) || peer.getName().equals("root");
        if (!ours) {
            log.write(Message.CONTROL_STRANGER, COMPONENT, peer.getName());
        }
        return ours;
    }

    /** What may fail on one connection. */
    private interface Step {
        void run() throws IOException;
    }

    /** A connection that fails is closed, and costs the others nothing. */
    private void guarded(ControlConnection connection, Step step) throws IOException {
        if (!connection.isOpen()) {
            return;
        }
        try {
            step.run();
        } catch (IOException e) {
            if (connection.phase() == ControlConnection.Phase.READING) {
                log.write(Message.CONTROL_FAILED, COMPONENT, String.valueOf(e.getMessage()));
            }
            connection.close();
        }
    }

    /**
     * Removes the socket's name: nobody new comes. Who asked for the stop stays connected until the process has ended, and so
     * learns when.
     */
    public void unlink() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Removes the socket's name and asks the loop to close every connection and itself. */
    @Override
    public void close() throws IOException {
        unlink();
        closing = true;
        selector.wakeup();
    }
}
