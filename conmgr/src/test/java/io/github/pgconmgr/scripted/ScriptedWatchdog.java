package io.github.pgconmgr.scripted;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Challenge;
import io.github.pgconmgr.wire.heartbeat.FrameAssembler;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.Proof;
import io.github.pgconmgr.wire.heartbeat.SettingsChange;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A watchdog on 127.0.0.1 that does what the test says: welcomes, answers each BEAT with one, goes silent, hangs up.
 *
 * <p>Shared: the test's thread gives orders, one thread of its own serves one connection after the other.
 */
public final class ScriptedWatchdog implements AutoCloseable {

    private static final Id128 NONCE = new Id128(7, 9);

    private final ServerSocket server;
    private final List<HeartbeatFrame> received = new CopyOnWriteArrayList<>();
    private volatile Welcome welcome;
    private volatile boolean silent;
    private volatile @Nullable SharedSecret secret;
    private volatile Socket connection = new Socket();
    private long sequence;
    private volatile String lastFailure = "";

    public ScriptedWatchdog(Welcome welcome) throws IOException {
        this.welcome = welcome;
        this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "scripted watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on it reads but says nothing. */
    public void goSilent() {
        silent = true;
    }

    /** From now on it asks for a proof of this secret and gives its own; a wrong one is not answered. */
    public void askForProof(SharedSecret known) {
        secret = known;
    }

    /** What the next connection is answered. */
    public void welcomeWith(Welcome next) {
        welcome = next;
    }

    /** Sends a frame at once. */
    public synchronized void send(HeartbeatFrame frame) {
        ByteBuffer encoded = HeartbeatCodec.encode(frame);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        try {
            connection.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection; a new one is welcomed. */
    public void hangUp() throws IOException {
        connection.close();
    }

    public long hellos() {
        return received.stream().filter(Hello.class::isInstance).count();
    }

    public long proofs() {
        return received.stream().filter(Proof.class::isInstance).count();
    }

    /** The HELLO that came first. */
    public Hello firstHello() {
        return (Hello) received.get(0);
    }

    public boolean heardGoodbye(Goodbye.Reason reason) {
        return received.contains(new Goodbye(reason));
    }

    /** Why the last connection ended, for a test that fails. */
    public String lastFailure() {
        return lastFailure;
    }

    /** SETTINGS heard, in order; each was answered. */
    public List<HeartbeatSettings> settings() {
        return received.stream()
                .filter(SettingsChange.class::isInstance)
                .map(frame -> ((SettingsChange) frame).settings())
                .toList();
    }

    /** BEATs heard on all connections. */
    public long beats() {
        return received.stream().filter(Beat.class::isInstance).count();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket accepted = server.accept()) {
                connection = accepted;
                serveOne(accepted);
            } catch (IOException | UncheckedIOException | MalformedMessageException e) {
                // The next connection, or the end: what the test asks about stands in what was received.
                lastFailure = e.toString();
            }
        }
    }

    private void serveOne(Socket accepted) throws IOException, MalformedMessageException {
        FrameAssembler frames = new FrameAssembler();
        ByteBuffer inbound = frames.inbound();
        while (true) {
            byte[] chunk = new byte[inbound.remaining()];
            int read = accepted.getInputStream().read(chunk);
            if (read < 0) {
                return;
            }
            inbound.put(chunk, 0, read);
            for (HeartbeatFrame frame = frames.next(); frame != null; frame = frames.next()) {
                received.add(frame);
                answer(frame, frames.helloPayload());
            }
        }
    }

    private void answer(HeartbeatFrame frame, ByteBuffer helloPayload) {
        SharedSecret known = secret;
        if (silent) {
            return;
        }
        if (frame instanceof Hello && known != null) {
            send(new Challenge(NONCE));
        } else if (frame instanceof Hello) {
            send(welcome);
        } else if (known != null && frame.equals(known.proof(SharedSecret.Side.CONMGR, NONCE, helloPayload))) {
            send(known.proof(SharedSecret.Side.WATCHDOG, NONCE, helloPayload));
            send(welcome);
        } else if (frame instanceof SettingsChange) {
            send(frame);
        } else if (frame instanceof Beat beat) {
            sequence++;
            send(new Beat(sequence, beat.sequence(), 0, 0, 0));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        connection.close();
    }
}
