package io.github.pgconmgr.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One control connection: its request as it comes in, its answer as it goes out. Confined to the admin thread. Nothing here
 * blocks, so a client that sends or reads slowly, or not at all, holds up nobody and is closed at its deadline.
 */
final class ControlConnection {

    /** What it waits for. */
    enum Phase {
        /** The rest of the request. */
        READING,
        /** The awaited heartbeats. */
        AWAITING,
        /** Its answer to go out; then it is closed. */
        ANSWERING,
        /** The process's end, which is its own. */
        HELD
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(ControlRequest.MAX_BYTES);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private Phase phase = Phase.READING;
    private long deadlineNanos;
    private @Nullable AwaitScope awaited;
    private boolean heldAfterAnswer;

    ControlConnection(SocketChannel channel, SelectionKey key, long nowNanos) {
        this.channel = channel;
        this.key = key;
        this.deadlineNanos = nowNanos + ControlLimits.REQUEST.toNanos();
    }

    Phase phase() {
        return phase;
    }

    /** Only READING and ANSWERING have a deadline: how long to await is the client's choice. */
    boolean hasDeadline() {
        return phase == Phase.READING || phase == Phase.ANSWERING;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /**
     * Reads what has come.
     *
     * @return the request's line once it is complete
     * @throws IOException if the client is gone, or sends what it must not
     */
    Optional<String> onReadable() throws IOException {
        if (channel.read(in) < 0) {
            throw new IOException("the client closed the connection");
        }
        if (phase != Phase.READING) {
            throw new IOException("the client sent more than one line");
        }
        for (int i = 0; i < in.position(); i++) {
            if (in.get(i) == '\n') {
                return Optional.of(new String(in.array(), 0, i, StandardCharsets.UTF_8));
            }
        }
        return in.hasRemaining() ? Optional.empty() : Optional.of("");
    }

    /** Waits until {@link AdminServer} answers. */
    void await(AwaitScope scope) {
        awaited = scope;
        phase = Phase.AWAITING;
        in.clear();
    }

    /** What it awaits; only in AWAITING. */
    AwaitScope awaited() {
        if (awaited == null) {
            throw new IllegalStateException("nothing is awaited in " + phase);
        }
        return awaited;
    }

    /** Sends the answer and closes, or, if {@code held}, stays until the process ends. */
    void answer(String text, boolean held, long nowNanos) throws IOException {
        out = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        phase = Phase.ANSWERING;
        heldAfterAnswer = held;
        deadlineNanos = nowNanos + ControlLimits.ANSWER.toNanos();
        in.clear();
        onWritable();
    }

    void onWritable() throws IOException {
        channel.write(out);
        if (out.hasRemaining()) {
            key.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
        } else if (heldAfterAnswer) {
            phase = Phase.HELD;
            key.interestOps(SelectionKey.OP_READ);
        } else {
            close();
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void close() throws IOException {
        channel.close();
    }
}
