package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.SocketErrors;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the relay's: a socket's events to the core, the core's calls to the socket. One read per event: a short one has drained
 * the socket, and a long one waits for its turn. Confined to the relay's loop.
 */
final class SocketConnection implements Connection, Stream.Events, TlsLayer.Ends {

    private static final long CLOSE_LIMIT_MILLIS = 1000;

    /** Each leads to later ones only. */
    private enum State {
        OPEN,
        /** Nothing can be written any more; what the peer said before that is still to be heard. */
        BROKEN,
        /** The core hears of nothing but the end; what waits is written. */
        ENDING,
        CLOSED
    }

    private final RelayNetwork network;
    private final Stream stream;
    private final @Nullable ServerTls offered;
    private final @Nullable Runnable onEnded;
    private @Nullable ConnectionEvents events;
    private @Nullable TlsLayer tls;

    /** What the socket has not taken, from position to limit. */
    private @Nullable ByteBuffer pending;

    private State state = State.OPEN;
    private String reason = "";
    private boolean paused;

    /** The core is to be told when nothing waits. */
    private boolean congested;

    /** It has hung up while paused, and nobody tells of what is left in it. */
    private boolean silenced;

    /**
     * @param tls null if it is not offered
     * @param onEnded behind all else
     */
    SocketConnection(RelayNetwork network, Stream stream, @Nullable ServerTls tls, @Nullable Runnable onEnded) {
        this.network = network;
        this.stream = stream;
        this.offered = tls;
        this.onEnded = onEnded;
    }

    /** Who hears of it from now on. */
    void tell(ConnectionEvents listener) {
        events = listener;
        want();
    }

    private void want() {
        if (state != State.CLOSED) {
            stream.want(isRead(), pending != null);
        }
    }

    private boolean isHeard() {
        return state.compareTo(State.ENDING) < 0;
    }

    private boolean isRead() {
        return isHeard() && !paused;
    }

    // ---- from the core

    @Override
    public void write(ByteBuffer bytes) {
        if (state == State.CLOSED) {
            return;
        }
        TlsLayer layer = tls;
        if (layer == null) {
            send(bytes);
        } else {
            layer.write(bytes);
        }
    }

    @Override
    public void send(ByteBuffer bytes) {
        if (state == State.CLOSED || state == State.BROKEN) {
            return;
        }
        if (pending == null) {
            try {
                stream.write(bytes);
            } catch (IOException e) {
                breakDown(e);
                return;
            }
        }
        if (bytes.hasRemaining()) {
            hold(bytes);
        }
    }

    private void hold(ByteBuffer bytes) {
        ByteBuffer before = pending;
        ByteBuffer all = ByteBuffer.allocate(bytes.remaining() + (before == null ? 0 : before.remaining()));
        if (before != null) {
            all.put(before);
        }
        pending = all.put(bytes).flip();
        want();
    }

    /** It ends behind the core's turn, as this comes in the middle of it. */
    private void breakDown(IOException cause) {
        pending = null;
        reason = SocketErrors.reason(cause);
        if (state == State.OPEN) {
            state = State.BROKEN;
        }
        network.execute(this::hearLast);
    }

    /** What the peer said before it went: a server's last word, which nobody has told of yet. */
    private void hearLast() {
        if (state == State.BROKEN) {
            read();
        }
        abort();
    }

    @Override
    public boolean isCongested() {
        congested = pending != null;
        return congested;
    }

    /** The selector is told only if something comes meanwhile: mostly nothing does. */
    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        if (!paused || !isHeard()) {
            return;
        }
        paused = false;
        if (silenced) {
            network.execute(this::readRest);
        } else {
            want();
        }
    }

    @Override
    public void startTls(ByteBuffer received) {
        ServerTls offer = Objects.requireNonNull(offered, "TLS is not offered");
        TlsLayer layer = new TlsLayer(offer.context(), received.hasRemaining(), this);
        tls = layer;
        network.after(TlsLayer.HANDSHAKE_LIMIT_NANOS, lateNanos -> {
            if (!layer.isEstablished()) {
                abort();
            }
        });
        if (received.hasRemaining()) {
            layer.receive(received);
        }
    }

    @Override
    public byte @Nullable [] tlsEndPoint() {
        return tls == null || offered == null ? null : offered.endPointBytes();
    }

    @Override
    public void closeWhenWritten() {
        if (!isHeard()) {
            return;
        }
        end();
        if (pending == null) {
            abort();
        } else {
            want();
            network.afterMillis(CLOSE_LIMIT_MILLIS, this::abort);
        }
    }

    /** What is broken stays so: TLS cannot say goodbye there. */
    private void end() {
        if (state == State.OPEN) {
            state = State.ENDING;
        }
        TlsLayer layer = tls;
        if (layer != null) {
            layer.end();
        }
    }

    @Override
    public void abort() {
        if (state == State.CLOSED) {
            return;
        }
        end();
        state = State.CLOSED;
        pending = null;
        stream.close();
        network.execute(this::onEnd);
    }

    private void onEnd() {
        ConnectionEvents listener = events;
        events = null;
        try {
            if (listener != null) {
                listener.onClosed(reason, network.nanoTime());
            }
        } finally {
            if (onEnded != null) {
                onEnded.run();
            }
        }
    }

    @Override
    public InetSocketAddress peer() {
        return stream.peer();
    }

    // ---- from TLS

    @Override
    public void onPlain(ByteBuffer bytes) {
        ConnectionEvents listener = events;
        if (listener != null && isHeard()) {
            listener.onBytes(bytes, network.nanoTime());
        }
    }

    @Override
    public void onTlsEnded(String why) {
        if (isHeard()) {
            state = State.ENDING;
            reason = why;
            network.execute(this::abort);
        }
    }

    // ---- from the socket

    @Override
    public void onReady(boolean readable, boolean writable, boolean hungUp) {
        try {
            handle(readable, writable, hungUp);
        } catch (RuntimeException e) {
            onMistake(e);
        }
    }

    private void handle(boolean readable, boolean writable, boolean hungUp) {
        if (writable && pending != null) {
            flush();
        }
        if (state == State.CLOSED || !(readable || hungUp)) {
            return;
        }
        if (isRead()) {
            read();
        } else if (stream.wantsReadable()) {
            want();
        } else if (hungUp && isHeard()) {
            // It would be told without end.
            stream.silence();
            silenced = true;
            tellHungUp();
        } else if (hungUp) {
            abort();
        }
    }

    private void tellHungUp() {
        ConnectionEvents listener = events;
        if (listener != null) {
            listener.onHungUp(network.nanoTime());
        }
    }

    private void flush() {
        ByteBuffer rest = Objects.requireNonNull(pending, "nothing waits");
        try {
            stream.write(rest);
        } catch (IOException e) {
            breakDown(e);
            return;
        }
        if (rest.hasRemaining()) {
            return;
        }
        pending = null;
        if (state == State.ENDING) {
            abort();
            return;
        }
        want();
        ConnectionEvents listener = events;
        if (congested && listener != null) {
            congested = false;
            listener.onWritable(network.nanoTime());
        }
    }

    private void read() {
        ByteBuffer chunk = network.chunk();
        int bytes;
        try {
            bytes = stream.read(chunk);
        } catch (IOException e) {
            reason = SocketErrors.reason(e);
            abort();
            return;
        }
        if (bytes < 0) {
            abort();
        } else if (bytes > 0) {
            take(chunk.flip());
        }
    }

    /** Of the peer's. */
    void take(ByteBuffer chunk) {
        TlsLayer layer = tls;
        try {
            if (layer == null) {
                onPlain(chunk);
            } else {
                layer.receive(chunk);
            }
        } catch (RuntimeException e) {
            onMistake(e);
        }
    }

    /** One of ours in handling it: thrown on, it would stop the loop for a second, for everybody. */
    void onMistake(RuntimeException mistake) {
        reason = mistake.toString();
        abort();
    }

    private void readRest() {
        if (isRead()) {
            read();
            network.execute(this::readRest);
        }
    }
}
