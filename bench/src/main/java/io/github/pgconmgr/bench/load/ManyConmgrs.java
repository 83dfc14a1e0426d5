package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.bench.Samples;
import io.github.pgconmgr.time.NanoClock;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Many conmgrs, each from an address of its own, as the watchdog sees them: HELLO, then a BEAT every second, spread over it.
 *
 * <pre>
 * ManyConmgrs WATCHDOG-HOST WATCHDOG-PORT FIRST-ADDRESS COUNT
 *     READY, at the first BEATs of all; LOST when one ends; a line on standard input: TRIP p50 p99 max count, the round trips since the last
 *     such line in ms, and LATE, by how many ms at most it was late itself
 * </pre>
 *
 * <p>Confined to the main thread. Runs until it is killed.
 */
public final class ManyConmgrs {

    private static final HeartbeatSettings SETTINGS = new HeartbeatSettings(1000, 20_000);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Send times kept. */
    private static final int REMEMBERED = 8;

    /** One of them. */
    private final class Peer {

        private final SocketChannel channel;
        private final FrameAssembler assembler = new FrameAssembler();
        private final long[] sentNanos = new long[REMEMBERED];
        private long dueNanos;
        private long sequence;
        private long heard;
        private long heardNanos;

        Peer(SocketChannel channel) {
            this.channel = channel;
        }

        void onReadable(long nowNanos) throws IOException, MalformedMessageException {
            if (channel.read(assembler.inbound()) < 0) {
                throw new IOException("the watchdog closed the connection");
            }
            for (HeartbeatFrame frame = assembler.next(); frame != null; frame = assembler.next()) {
                if (frame instanceof Beat beat) {
                    onBeat(nowNanos, beat);
                }
            }
        }

        private void onBeat(long nowNanos, Beat beat) {
            silent -= heard == 0 ? 1 : 0;
            heard = beat.sequence();
            heardNanos = nowNanos;
            if (beat.echo() > 0 && sequence - beat.echo() < REMEMBERED) {
                long held = TimeUnit.MICROSECONDS.toNanos(Integer.toUnsignedLong(beat.heldMicros()));
                trips.add((nowNanos - sentNanos[(int) (beat.echo() % REMEMBERED)] - held) / 1e6);
            }
        }

        void onDue(long nowNanos) throws IOException {
            dueNanos += SETTINGS.intervalNanos();
            int held = heard == 0 ? 0 : (int) TimeUnit.NANOSECONDS.toMicros(nowNanos - heardNanos);
            sentNanos[(int) (++sequence % REMEMBERED)] = nowNanos;
            channel.write(HeartbeatCodec.encode(new Beat(sequence, heard, held, 0, 0)));
        }
    }

    private final Selector selector;
    private final SecureRandom random = new SecureRandom();
    /** In the order of when they are due. */
    private final ArrayDeque<Peer> peers = new ArrayDeque<>();

    private final List<Double> trips = new ArrayList<>();
    private int silent;
    private long latestNanos;

    private ManyConmgrs(Selector selector) {
        this.selector = selector;
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress watchdog = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        int first = ByteBuffer.wrap(InetAddress.getByName(arguments[2]).getAddress())
                .getInt();
        int count = Integer.parseInt(arguments[3]);
        try (Selector selector = Selector.open()) {
            ManyConmgrs all = new ManyConmgrs(selector);
            for (int i = 0; i < count; i++) {
                all.connect(watchdog, address(first + i));
            }
            all.run();
        } catch (IOException | MalformedMessageException e) {
            System.out.println("LOST");
            System.out.println(e);
        }
    }

    private static InetAddress address(int number) throws IOException {
        byte[] bytes = {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        return InetAddress.getByAddress(bytes);
    }

    private void connect(InetSocketAddress watchdog, InetAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(address, 0));
        channel.connect(watchdog);
        HostIdentity host = new HostIdentity(Id128.random(random).toString(), "boot " + address.getHostAddress(), 1);
        channel.write(
                HeartbeatCodec.encode(Hello.of(SETTINGS, Id128.random(random), Id128.random(random), host, "bench")));
        channel.configureBlocking(false);
        Peer peer = new Peer(channel);
        channel.register(selector, SelectionKey.OP_READ, peer);
        peers.add(peer);
        silent++;
    }

    private void run() throws IOException, MalformedMessageException {
        long apartNanos = SETTINGS.intervalNanos() / peers.size();
        long dueNanos = NanoClock.SYSTEM.nanoTime();
        for (Peer peer : peers) {
            peer.dueNanos = dueNanos;
            dueNanos += apartNanos;
        }
        boolean ready = false;
        long lookNanos = 0;
        while (true) {
            long now = NanoClock.SYSTEM.nanoTime();
            long waitNanos = sendDue(now);
            select(waitNanos);
            if (!ready && silent == 0) {
                ready = true;
                System.out.println("READY");
            }
            if (now - lookNanos >= LOOK_NANOS) {
                lookNanos = now;
                report();
            }
        }
    }

    /** Tells how long there is nothing more to send. */
    private long sendDue(long now) throws IOException {
        while (peers.element().dueNanos - now <= 0) {
            Peer peer = peers.remove();
            latestNanos = Math.max(latestNanos, now - peer.dueNanos);
            peer.onDue(NanoClock.SYSTEM.nanoTime());
            peers.add(peer);
        }
        return Math.min(peers.element().dueNanos - now, LOOK_NANOS);
    }

    private void select(long waitNanos) throws IOException, MalformedMessageException {
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos)));
        for (SelectionKey key : selector.selectedKeys()) {
            ((Peer) key.attachment()).onReadable(NanoClock.SYSTEM.nanoTime());
        }
        selector.selectedKeys().clear();
    }

    private void report() throws IOException {
        boolean asked = false;
        while (System.in.available() > 0) {
            asked |= System.in.read() == '\n';
        }
        if (asked && !trips.isEmpty()) {
            Samples millis = Samples.of(trips);
            System.out.println(String.format(
                    Locale.ROOT,
                    "TRIP %.3f %.3f %.3f %d",
                    millis.median(),
                    millis.percentile(99),
                    millis.max(),
                    millis.count()));
            System.out.println("LATE " + latestNanos / 1e6);
        }
        if (asked) {
            trips.clear();
            latestNanos = 0;
        }
    }
}
