package io.github.pgconmgr.endtoend;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.FrameAssembler;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The watchdog of one of {@link ScriptedInstances}: welcomes, answers each BEAT with one, and does what it is told.
 *
 * <p>Shared: writes are guarded by its monitor; one thread serves one connection after the other.
 */
final class ScriptedInstance {

    static final long SYSTEM_IDENTIFIER = 0x0123_4567_89AB_CDEFL;
    private static final long START_MICROS = 1_000_000;
    private static final int STATES_PER_WRITE = 1000;

    private final ServerSocket server;
    private final InstanceState state;
    private final long systemIdentifier;
    private volatile Socket connection = new Socket();
    private volatile boolean silent;
    private volatile boolean farewell;
    private long sequence;

    ScriptedInstance(ServerSocket server, boolean standby, long systemIdentifier) {
        this.server = server;
        this.systemIdentifier = systemIdentifier;
        this.state = state(standby);
        Thread thread = new Thread(this::serve, "instance at " + server.getLocalPort());
        thread.setDaemon(true);
        thread.start();
    }

    private static InstanceState state(boolean standby) {
        return new InstanceState(standby, false, false, 1, 100);
    }

    void setSilent(boolean on) {
        silent = on;
    }

    void setFarewell(boolean on) {
        farewell = on;
    }

    void hangUp() throws IOException {
        connection.close();
    }

    void sendGarbage() throws IOException {
        write(new byte[] {0, 0, 0, 0});
    }

    /** Says as fast as it can that it is a primary, a standby, a primary ...; gives the number of frames. */
    long storm(long millis) throws IOException {
        ByteArrayOutputStream states = new ByteArrayOutputStream();
        for (int i = 0; i < STATES_PER_WRITE; i++) {
            states.writeBytes(bytes(new StateChange(state(i % 2 == 1))));
        }
        long endNanos = NanoClock.SYSTEM.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long sent = 0;
        while (NanoClock.SYSTEM.nanoTime() - endNanos < 0) {
            write(states.toByteArray());
            sent += STATES_PER_WRITE;
        }
        return sent;
    }

    private void serve() {
        while (true) {
            try (Socket accepted = server.accept()) {
                accepted.setTcpNoDelay(true);
                connection = accepted;
                serveOne(accepted);
            } catch (IOException | MalformedMessageException ended) {
                // For a test that fails; the next connection follows.
                System.out.println("ENDED " + server.getLocalPort() + " " + ended);
            }
        }
    }

    private void serveOne(Socket accepted) throws IOException, MalformedMessageException {
        FrameAssembler frames = new FrameAssembler();
        ByteBuffer inbound = frames.inbound();
        byte[] chunk = new byte[1024];
        for (int read = 0;
                read >= 0;
                read = accepted.getInputStream().read(chunk, 0, Math.min(chunk.length, inbound.remaining()))) {
            inbound.put(chunk, 0, read);
            for (HeartbeatFrame frame = frames.next(); frame != null; frame = frames.next()) {
                answer(frame);
            }
        }
    }

    private void answer(HeartbeatFrame frame) throws IOException {
        if (silent) {
            return;
        }
        if (frame instanceof Hello && farewell) {
            write(bytes(new Goodbye(Goodbye.Reason.INSTANCE_STOPPING)));
        } else if (frame instanceof Hello) {
            write(bytes(new Welcome(1, systemIdentifier, START_MICROS, state, "scripted")));
        } else if (frame instanceof Beat beat) {
            sequence++;
            write(bytes(new Beat(sequence, beat.sequence(), 0, 0, 100)));
        }
    }

    private synchronized void write(byte[] bytes) throws IOException {
        connection.getOutputStream().write(bytes);
    }

    private static byte[] bytes(HeartbeatFrame frame) {
        ByteBuffer encoded = HeartbeatCodec.encode(frame);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }
}
