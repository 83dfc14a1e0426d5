package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.watchdog.peer.PeerEndpoint;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.FrameAssembler;
import io.github.pgconmgr.wire.heartbeat.FrameType;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One heartbeat connection: bytes to frames and back, within fixed limits. What goes wrong with it stays with it: it is then
 * {@linkplain #problem broken}, and its owner ends it.
 *
 * <p>Confined to the I/O thread; made and closed by {@link Connections}.
 */
final class Connection implements Gate.Caller {

    /** Fairness: a peer that sends without end gets so many reads a turn, then the others have theirs. */
    private static final int READS_PER_TURN = 4;

    /** Says that the other side closed in order; not worth a line of its own. */
    static final String END_OF_FILE = "closed by the other side";

    /** Takes the frames. */
    @FunctionalInterface
    interface FrameSink {
        /** Takes one frame. */
        void onFrame(Connection connection, HeartbeatFrame frame);
    }

    private final long id;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final PeerEndpoint endpoint;
    private final int maxUnsentBytes;
    private final long helloDeadlineNanos;
    private final Consumer<Connection> onBroken;
    private final FrameAssembler assembler = new FrameAssembler();
    private final Gate.Admission admission = new Gate.Admission();
    private @Nullable ByteBuffer unsent;
    private @Nullable String problem;

    /**
     * @param onBroken called each time that something goes wrong with it
     */
    Connection(long id, Accepted accepted, int maxUnsentBytes, long helloDeadlineNanos, Consumer<Connection> onBroken) {
        this.id = id;
        this.channel = accepted.channel();
        this.key = accepted.key();
        this.endpoint = accepted.endpoint();
        this.maxUnsentBytes = maxUnsentBytes;
        this.helloDeadlineNanos = helloDeadlineNanos;
        this.onBroken = onBroken;
    }

    /** A socket that is ready to be used. */
    record Accepted(SocketChannel channel, SelectionKey key, PeerEndpoint endpoint) {}

    @Override
    public long id() {
        return id;
    }

    @Override
    public PeerEndpoint endpoint() {
        return endpoint;
    }

    PeerAddress address() {
        return endpoint.address();
    }

    @Override
    public Gate.Admission admission() {
        return admission;
    }

    /** The payload of the last HELLO as it travelled. */
    @Override
    public ByteBuffer helloPayload() {
        return assembler.helloPayload();
    }

    /** The complete HELLO, and its proof where there must be one, must have come until then. */
    long helloDeadlineNanos() {
        return helloDeadlineNanos;
    }

    /** Why it must end; null as long as it is whole. */
    @Nullable
    String problem() {
        return problem;
    }

    private void breakBy(String why) {
        problem = why;
        onBroken.accept(this);
    }

    boolean isOpen() {
        return problem == null && channel.isOpen();
    }

    boolean hasUnsent() {
        return unsent != null;
    }

    /** Reads what is there, within fairness. */
    void onReadable(FrameSink sink) {
        for (int i = 0; i < READS_PER_TURN && isOpen(); i++) {
            ByteBuffer inbound = assembler.inbound();
            int bytes;
            try {
                bytes = channel.read(inbound);
            } catch (IOException e) {
                breakBy("read failed: " + e.getMessage());
                return;
            }
            if (bytes < 0) {
                breakBy(END_OF_FILE);
            }
            if (bytes <= 0) {
                return;
            }
            boolean drained = inbound.hasRemaining();
            takeFrames(sink);
            if (drained) {
                // The socket had no more. What came since, an end too, is reported by the next select.
                return;
            }
        }
    }

    /** Reads what is there, within fairness, and forgets it; tells whether there was anything. */
    boolean discardInput() {
        ByteBuffer discarded = ByteBuffer.allocate(HeartbeatProtocol.MAX_FRAME_BYTES);
        boolean any = false;
        int bytes = 1;
        for (int i = 0; i < READS_PER_TURN && bytes > 0; i++) {
            try {
                bytes = channel.read(discarded.clear());
            } catch (IOException e) {
                breakBy("read failed: " + e.getMessage());
                return false;
            }
            any |= bytes > 0;
        }
        if (bytes < 0 && !any) {
            breakBy(END_OF_FILE);
        }
        return any;
    }

    private void takeFrames(FrameSink sink) {
        while (isOpen()) {
            HeartbeatFrame frame;
            try {
                frame = assembler.next();
            } catch (MalformedMessageException | RuntimeException e) {
                // A mistake of the decoder, too, costs this connection and no other.
                breakBy("malformed frame: " + e.getMessage());
                return;
            }
            if (frame == null) {
                return;
            }
            sink.onFrame(this, frame);
        }
    }

    /** Sends without waiting. A BEAT is skipped while earlier bytes wait: it would only say late what the next one says. */
    @Override
    public void send(HeartbeatFrame frame) {
        if (!isOpen() || (unsent != null && frame.type() == FrameType.BEAT)) {
            return;
        }
        ByteBuffer bytes = HeartbeatCodec.encode(frame);
        if (unsent == null) {
            write(bytes);
        }
        if (isOpen() && bytes.hasRemaining()) {
            keep(bytes);
        }
    }

    private void keep(ByteBuffer bytes) {
        if (unsent == null) {
            unsent = ByteBuffer.allocate(maxUnsentBytes);
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
        if (unsent.remaining() < bytes.remaining()) {
            breakBy("more than " + maxUnsentBytes + " bytes unsent");
            return;
        }
        unsent.put(bytes);
    }

    /** Sends what waits. */
    void onWritable() {
        if (unsent == null || !isOpen()) {
            return;
        }
        unsent.flip();
        write(unsent);
        unsent.compact();
        if (isOpen() && unsent.position() == 0) {
            unsent = null;
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void write(ByteBuffer bytes) {
        try {
            channel.write(bytes);
        } catch (IOException e) {
            breakBy("write failed: " + e.getMessage());
        }
    }

    void close() {
        key.cancel();
        Channels.close(channel);
    }

    @Override
    public String toString() {
        return "heartbeat connection from " + endpoint;
    }
}
