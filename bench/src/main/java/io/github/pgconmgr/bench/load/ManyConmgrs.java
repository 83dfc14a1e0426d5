package io.github.pgconmgr.bench.load;

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
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many conmgrs, each from an address of its own, as the watchdog sees them: HELLO, then a BEAT every second, at moments of
 * their own.
 *
 * <pre>
 * ManyConmgrs WATCHDOG-HOST WATCHDOG-PORT ADDRESS-PREFIX FIRST COUNT    READY, at the first BEATs of all; LOST when one ends
 * </pre>
 *
 * <p>Confined to the main thread. Runs until it is killed.
 */
public final class ManyConmgrs {

    private static final HeartbeatSettings SETTINGS = new HeartbeatSettings(1000, 20_000);
    private static final long START_APART_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** One of them. */
    private static final class Peer {

        private final SocketChannel channel;
        private final FrameAssembler assembler = new FrameAssembler();
        private long dueNanos;
        private long sequence;
        private long heard;

        Peer(SocketChannel channel, long dueNanos) {
            this.channel = channel;
            this.dueNanos = dueNanos;
        }

        void onReadable() throws IOException, MalformedMessageException {
            if (channel.read(assembler.inbound()) < 0) {
                throw new IOException("the watchdog closed the connection");
            }
            for (HeartbeatFrame frame = assembler.next(); frame != null; frame = assembler.next()) {
                if (frame instanceof Beat beat) {
                    heard = beat.sequence();
                }
            }
        }

        void onDue() throws IOException {
            dueNanos += SETTINGS.intervalNanos();
            channel.write(HeartbeatCodec.encode(new Beat(++sequence, heard, 0, 0, 0)));
        }
    }

    private final Selector selector;
    private final List<Peer> peers = new ArrayList<>();

    private ManyConmgrs(Selector selector) {
        this.selector = selector;
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress watchdog = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        int first = Integer.parseInt(arguments[3]);
        int count = Integer.parseInt(arguments[4]);
        try (Selector selector = Selector.open()) {
            ManyConmgrs all = new ManyConmgrs(selector);
            for (int i = first; i < first + count; i++) {
                all.connect(watchdog, arguments[2] + i);
            }
            all.run();
        } catch (IOException | MalformedMessageException e) {
            System.out.println("LOST");
            System.out.println(e);
        }
    }

    private void connect(InetSocketAddress watchdog, String address) throws IOException {
        SecureRandom random = new SecureRandom();
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(address, 0));
        channel.connect(watchdog);
        HostIdentity host = new HostIdentity(Id128.random(random).toString(), "boot " + address, 1);
        channel.write(
                HeartbeatCodec.encode(Hello.of(SETTINGS, Id128.random(random), Id128.random(random), host, "bench")));
        channel.configureBlocking(false);
        Peer peer = new Peer(channel, NanoClock.SYSTEM.nanoTime() + START_APART_NANOS * peers.size());
        channel.register(selector, SelectionKey.OP_READ, peer);
        peers.add(peer);
    }

    private void run() throws IOException, MalformedMessageException {
        boolean ready = false;
        while (true) {
            long now = NanoClock.SYSTEM.nanoTime();
            long wait = SETTINGS.intervalNanos();
            for (Peer peer : peers) {
                if (peer.dueNanos - now <= 0) {
                    peer.onDue();
                }
                wait = Math.min(wait, peer.dueNanos - now);
            }
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
            for (SelectionKey key : selector.selectedKeys()) {
                ((Peer) key.attachment()).onReadable();
            }
            selector.selectedKeys().clear();
            if (!ready && peers.stream().allMatch(peer -> peer.heard > 1)) {
                ready = true;
                System.out.println("READY");
            }
        }
    }
}
