package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectProtocol;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ties the sockets of one SQL connection to the conmgr channel that it came from (T4): conmgr's notice closes the sockets, the
 * SQL connection's end closes the channel. Closes the raw sockets, never a TLS layer above, whose close may wait for the peer.
 *
 * <p>Shared: guarded by itself; sockets and channel are closed outside the lock. Created by the thread that connects, watched
 * by the {@link Watcher}, ended by whichever comes first.
 */
final class Watch {

    private static final Logger LOGGER = Logger.getLogger(Watch.class.getName());
    private static final int NOTICE_BYTES = 1 + RedirectProtocol.MAX_ANSWER_BYTES;

    private final String instance;
    private final SocketChannel channel;
    private final Runnable afterClose;
    private final Set<WatchedSocket> sockets = new LinkedHashSet<>();
    private WatchState state = WatchState.CONNECTING;
    private @Nullable WatchedSocket sqlSocket;
    private @Nullable String reason;

    /**
     * @param instance how errors and the log name it
     * @param channel the connection to conmgr; from now on this closes it
     * @param afterClose called when the channel has been closed, from any thread; must not block
     */
    Watch(String instance, SocketChannel channel, Runnable afterClose) {
        this.instance = instance;
        this.channel = channel;
        this.afterClose = afterClose;
    }

    /**
     * Loads the classes that a notice needs: an application server may have closed the application's class loader when it comes,
     * and a closed loader gives no more classes.
     */
    static void prepareForNotices() {
        noticeText(new RedirectAnswer.Down(0, "").encode());
    }

    SocketChannel channel() {
        return channel;
    }

    synchronized WatchState state() {
        return state;
    }

    /** Why the instance is held to be down; null as long as it is not. */
    synchronized @Nullable String reason() {
        return reason;
    }

    /**
     * Adds a socket to the instance before it connects. During stage 2 the newest is the SQL connection's (a try with and one
     * without TLS are two sockets); a later one is a cancel request's.
     *
     * @throws SocketException if there is nothing to connect to any more
     */
    synchronized void add(WatchedSocket socket) throws SocketException {
        switch (state) {
            case CONNECTING -> sqlSocket = socket;
            case WATCHING -> {}
            case DOWN -> throw new SocketException(reason);
            case RELEASED -> throw new SocketException("the connection is closed");
        }
        sockets.add(socket);
    }

    /**
     * Stage 2 has ended well.
     *
     * @return whether the connection can be handed over; false if a notice or a close came first
     */
    boolean onConnected() {
        boolean closed;
        synchronized (this) {
            state = WatchState.TABLE.next(state, WatchState.Event.CONNECTED);
            closed = state == WatchState.WATCHING && (sqlSocket == null || !sockets.contains(sqlSocket));
        }
        if (closed) {
            release();
        }
        return state() == WatchState.WATCHING;
    }

    /** A socket was closed by its user. With the SQL connection's own, conmgr's channel goes as well. */
    void onSocketClosed(WatchedSocket socket) {
        boolean last;
        synchronized (this) {
            sockets.remove(socket);
            last = state == WatchState.WATCHING && socket.equals(sqlSocket);
        }
        if (last) {
            release();
        }
    }

    /**
     * The instance is gone: ends every wait on it at once. Called by the watcher, which closes the channel afterwards; does not
     * block.
     */
    void onDown(String why) {
        List<WatchedSocket> victims;
        synchronized (this) {
            WatchState before = state;
            state = WatchState.TABLE.next(state, WatchState.Event.NOTICE);
            if (before == state) {
                return;
            }
            reason = instance + " is down: " + why;
            victims = new ArrayList<>(sockets);
        }
        LOGGER.log(Level.FINE, "{0}", reason());
        victims.forEach(victim -> close(victim::cut));
    }

    /** Gives up the connection: closes what stage 2 may have left open, and conmgr's channel. Does not block. */
    void release() {
        List<WatchedSocket> leftovers;
        synchronized (this) {
            WatchState before = state;
            state = WatchState.TABLE.next(state, WatchState.Event.CLOSED);
            if (before == state) {
                return;
            }
            leftovers = new ArrayList<>(sockets);
        }
        leftovers.forEach(Watch::close);
        closeChannel();
    }

    /**
     * Looks at the channel after it became readable.
     *
     * @return why the instance is down; null if there was nothing to read after all
     */
    @Nullable
    String readNotice() {
        ByteBuffer in = ByteBuffer.allocate(NOTICE_BYTES);
        try {
            int n = channel.read(in);
            if (n == 0) {
                return null;
            }
            return n < 0 ? "conmgr closed its connection" : noticeText(in.flip());
        } catch (IOException e) {
            return "the connection to conmgr broke: " + e.getMessage();
        }
    }

    /** Readable means down, whatever the bytes are; they only add the reason. */
    private static String noticeText(ByteBuffer in) {
        try {
            if (in.remaining() >= RedirectAnswer.HEADER_BYTES) {
                byte type = in.get();
                int bytes = RedirectAnswer.bodyBytes(in.getInt());
                if (bytes == in.remaining()
                        && RedirectAnswer.decodeBody(type, in) instanceof RedirectAnswer.Down down) {
                    return down.reason();
                }
            }
        } catch (MalformedMessageException e) {
            return "conmgr's notice is malformed: " + e.getMessage();
        }
        return "conmgr sent a notice that is cut short";
    }

    /** Ends the connection to conmgr, after {@link #onDown} or {@link #release}; a second call changes nothing. Does not block. */
    void closeChannel() {
        close(channel);
        afterClose.run();
    }

    private static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "closing failed", e);
        }
    }
}
