package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.FrameAssembler;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The other end of a heartbeat connection, byte by byte. */
final class TestConmgr implements AutoCloseable {

    private static final int READ_LIMIT_MILLIS = 20_000;

    private final Socket socket;
    private final FrameAssembler assembler = new FrameAssembler();

    TestConmgr(int port) throws IOException {
        this(InetAddress.getLoopbackAddress(), port);
    }

    TestConmgr(InetAddress address, int port) throws IOException {
        socket = new Socket(address, port);
        socket.setSoTimeout(READ_LIMIT_MILLIS);
        socket.setTcpNoDelay(true);
    }

    static Hello hello(int id, int intervalMillis, int timeoutMillis) {
        HostIdentity host = new HostIdentity("machine", "boot", 1);
        return Hello.of(new HeartbeatSettings(intervalMillis, timeoutMillis), new Id128(7, id), Id128.NONE, host, "t");
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(HeartbeatFrame frame) throws IOException {
        send(bytes(frame));
    }

    static byte[] bytes(HeartbeatFrame frame) {
        ByteBuffer encoded = HeartbeatCodec.encode(frame);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    /** For a hook that cannot throw. */
    void sendUnchecked(HeartbeatFrame frame) {
        try {
            send(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void beat() throws IOException {
        send(new Beat(1, 0, 0, 0, 0));
    }

    /** The next frame; null at the end of the connection. */
    @Nullable
    HeartbeatFrame read() throws IOException, MalformedMessageException {
        HeartbeatFrame frame = assembler.next();
        while (frame == null) {
            int next = readByte();
            if (next < 0) {
                return null;
            }
            assembler.inbound().put((byte) next);
            frame = assembler.next();
        }
        return frame;
    }

    private int readByte() throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    void awaitEnd() throws IOException, MalformedMessageException {
        HeartbeatFrame frame = read();
        while (frame != null) {
            frame = read();
        }
    }

    <T extends HeartbeatFrame> T await(Class<T> type) throws IOException, MalformedMessageException {
        HeartbeatFrame frame = read();
        while (frame != null && !type.isInstance(frame)) {
            frame = read();
        }
        return type.cast(java.util.Objects.requireNonNull(frame, "the connection ended"));
    }

    /** Closes now; closing again does no harm. */
    void hangUp() throws IOException {
        socket.close();
    }

    void closeSending() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
