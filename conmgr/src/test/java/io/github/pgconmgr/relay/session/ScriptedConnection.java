package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A connection whose other end is the test. Confined to the test's thread. */
final class ScriptedConnection implements Connection {

    private final InetSocketAddress peer;
    private final LongSupplier now;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private @Nullable ConnectionEvents events;
    private boolean congested;
    private boolean paused;
    private boolean closed;
    private boolean closedSeen;
    private boolean tls;
    private boolean discards;
    private int writes;

    ScriptedConnection(String host, int port, LongSupplier now) {
        this.peer = new InetSocketAddress(host, port);
        this.now = now;
    }

    void tell(ConnectionEvents listener) {
        events = listener;
    }

    // ---- the test's end

    /** Bytes come in, in a chunk of their own that nobody may keep. */
    void receive(byte[] bytes) {
        if (closed) {
            return;
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect(bytes.length + 7);
        chunk.position(7);
        chunk.put(7, bytes);
        listener().onBytes(chunk, now.getAsLong());
        for (int index = 0; index < chunk.capacity(); index++) {
            chunk.put(index, (byte) 0x5a);
        }
        settle();
    }

    /** The other end closes. */
    void hangUp() {
        if (!closed) {
            closed = true;
            settle();
        }
    }

    /** The other end is gone for good, which is told though nobody reads. */
    void reset() {
        if (!closed) {
            listener().onHungUp(now.getAsLong());
            settle();
        }
    }

    /** What is written is counted from now on, and not kept: that would allocate. */
    void discard() {
        discards = true;
    }

    /** The same chunk again and again, as a loop's one read buffer: nothing is allocated on the way to the core. */
    void receive(ByteBuffer chunk) {
        listener().onBytes(chunk.rewind(), now.getAsLong());
    }

    void congest(boolean on) {
        boolean before = congested;
        congested = on;
        if (before && !on && !closed) {
            listener().onWritable(now.getAsLong());
        }
    }

    /** What was written since the last call. */
    byte[] take() {
        byte[] all = written.toByteArray();
        written.reset();
        return all;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isTls() {
        return tls;
    }

    int writes() {
        return writes;
    }

    /** What a loop does behind the core's turn: tells of the end once. */
    void settle() {
        if (closed && !closedSeen) {
            closedSeen = true;
            listener().onClosed("", now.getAsLong());
        }
    }

    private ConnectionEvents listener() {
        if (events == null) {
            throw new AssertionError("nobody listens");
        }
        return events;
    }

    // ---- the core's

    @Override
    public void write(ByteBuffer bytes) {
        if (closed) {
            return;
        }
        writes++;
        if (discards) {
            bytes.position(bytes.limit());
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        written.writeBytes(copy);
    }

    @Override
    public boolean isCongested() {
        return congested;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
    }

    @Override
    public void startTls(ByteBuffer received) {
        tls = true;
    }

    @Override
    public byte @Nullable [] tlsEndPoint() {
        return null;
    }

    @Override
    public void closeWhenWritten() {
        closed = true;
    }

    @Override
    public void abort() {
        closed = true;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }
}
