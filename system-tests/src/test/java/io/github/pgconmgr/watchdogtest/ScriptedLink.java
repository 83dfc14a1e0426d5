package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.FrameAssembler;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/**
 * One heartbeat connection of a {@link ScriptedConmgr}. It prints
 *
 * <pre>
 * CONNECTED local-port | UNREACHABLE reason | WELCOME system-identifier postmaster-start state | REFUSED code text
 * BEAT sequence echo | STATE state | GOODBYE reason | SENT sequence | PAUSED | ENDED reason
 * </pre>
 *
 * with a state such as {@code primary,writable,up,1}. PAUSED carries the time of the last thing sent, not its own.
 *
 * <p>Shared: guarded by its own monitor; reads on a thread of its own.
 */
final class ScriptedLink {

    private final SocketChannel channel;
    private boolean welcomed;
    private boolean answered;
    private boolean ended;
    private boolean closedByUs;
    private long sequence;
    private long heard;
    private long heardNanos;
    private long lastSentNanos;

    private ScriptedLink(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects and says HELLO; a link that could not is one that ended. */
    static ScriptedLink open(String address, int port, Hello hello) {
        try {
            SocketChannel channel = SocketChannel.open();
            ScriptedLink link = new ScriptedLink(channel);
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.connect(new InetSocketAddress(address, port));
                say("CONNECTED " + channel.socket().getLocalPort());
                link.send(hello);
                Thread reader = new Thread(link::read, "reader");
                reader.setDaemon(true);
                reader.start();
            } catch (IOException e) {
                link.ended = true;
                channel.close();
                say("UNREACHABLE " + e.getMessage());
            }
            return link;
        } catch (IOException e) {
            throw new IllegalStateException("no socket", e);
        }
    }

    /** Blocks until HELLO is answered, or the link has ended without an answer: then false. */
    synchronized boolean awaitAnswer() {
        try {
            while (!answered && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answered;
    }

    /** One BEAT, if the link stands. */
    synchronized void beat() {
        if (welcomed && !closedByUs) {
            long held = heard == 0 ? 0 : NanoClock.SYSTEM.nanoTime() - heardNanos;
            send(new Beat(++sequence, heard, (int) (held / 1000), 0, 0));
            say("SENT " + sequence);
        }
    }

    synchronized void sayPaused() {
        print(lastSentNanos, "PAUSED");
    }

    synchronized void goodbye(String reason) {
        send(new Goodbye(Goodbye.Reason.valueOf(reason.toUpperCase(Locale.ROOT))));
    }

    /** FIN. */
    synchronized void close() throws IOException {
        closedByUs = true;
        channel.close();
    }

    /** RST. */
    synchronized void reset() throws IOException {
        closedByUs = true;
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    synchronized void sendRaw(byte[] bytes) {
        write(ByteBuffer.wrap(bytes));
    }

    private synchronized void send(HeartbeatFrame frame) {
        write(HeartbeatCodec.encode(frame));
    }

    private void write(ByteBuffer bytes) {
        // Before the write: the other side cannot have it earlier.
        long now = NanoClock.SYSTEM.nanoTime();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            lastSentNanos = now;
        } catch (IOException e) {
            // The reader tells how it ended.
            welcomed = false;
        }
    }

    private void read() {
        FrameAssembler assembler = new FrameAssembler();
        try {
            while (channel.read(assembler.inbound()) >= 0) {
                for (HeartbeatFrame frame = assembler.next(); frame != null; frame = assembler.next()) {
                    show(frame);
                }
            }
            onEnd("end of file");
        } catch (IOException | MalformedMessageException e) {
            onEnd(String.valueOf(e.getMessage()));
        }
    }

    private synchronized void onEnd(String reason) {
        welcomed = false;
        ended = true;
        notifyAll();
        if (!closedByUs) {
            say("ENDED " + reason);
        }
    }

    private synchronized void show(HeartbeatFrame frame) {
        answered = true;
        notifyAll();
        if (frame instanceof Welcome welcome) {
            welcomed = true;
            say("WELCOME " + Long.toUnsignedString(welcome.systemIdentifier()) + " " + welcome.postmasterStartMicros()
                    + " " + text(welcome.state()));
        } else if (frame instanceof Refused refused) {
            say("REFUSED " + refused.code() + " " + refused.text());
        } else if (frame instanceof Beat beat) {
            heard = beat.sequence();
            heardNanos = NanoClock.SYSTEM.nanoTime();
            say("BEAT " + beat.sequence() + " " + beat.echo());
        } else if (frame instanceof StateChange change) {
            say("STATE " + text(change.state()));
        } else if (frame instanceof Goodbye goodbye) {
            say("GOODBYE " + goodbye.reason());
        } else {
            say("UNEXPECTED " + frame.type());
        }
    }

    private static String text(InstanceState state) {
        return (state.inRecovery() ? "standby" : "primary")
                + (state.readOnly() ? ",read-only" : ",writable")
                + (state.stopping() ? ",stopping," : ",up,")
                + Integer.toUnsignedString(state.timeline());
    }

    private static void say(String line) {
        print(NanoClock.SYSTEM.nanoTime(), line);
    }

    private static void print(long nanos, String line) {
        synchronized (System.out) {
            System.out.println(nanos + " " + line);
            System.out.flush();
        }
    }
}
