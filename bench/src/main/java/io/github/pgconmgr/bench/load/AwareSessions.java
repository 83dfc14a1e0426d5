package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.bench.Samples;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Many aware drivers' connections to one conmgr, without their SQL sessions: stage 1 at a fixed rate, then each waits for its notice.
 *
 * <pre>
 * AwareSessions CONMGR-PORT PER-SECOND, then for each line COUNT on standard input:
 *     ASKED per-second p50 p99 max, the answers in µs from their due times; when each has its notice: NOTICE monotonic-nanos of the
 *     median and of the last
 * </pre>
 *
 * <p>Each round is confined to the main thread, but for the connecting, which two threads share.
 */
public final class AwareSessions {

    private static final int ASKING_THREADS = 2;
    private static final int LENGTH_AT = 1;

    private final InetSocketAddress conmgr;
    private final long periodNanos;
    private final List<SocketChannel> channels = Collections.synchronizedList(new ArrayList<>());
    private final List<Double> micros = Collections.synchronizedList(new ArrayList<>());

    private AwareSessions(int port, int perSecond) throws IOException {
        this.conmgr = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        this.periodNanos = ASKING_THREADS * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            AwareSessions round = new AwareSessions(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
            round.ask(Integer.parseInt(line));
            round.awaitNotices();
        }
    }

    private void ask(int count) throws InterruptedException {
        long begin = NanoClock.SYSTEM.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < ASKING_THREADS; i++) {
            int share = count / ASKING_THREADS + (i < count % ASKING_THREADS ? 1 : 0);
            long due = begin + periodNanos * (i + 1) / ASKING_THREADS;
            threads.add(new Thread(() -> askInTurn(share, due)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (NanoClock.SYSTEM.nanoTime() - begin) / 1e9;
        Samples answers = Samples.of(micros);
        System.out.println(String.format(
                Locale.ROOT,
                "ASKED %.0f %.0f %.0f %.0f",
                count / seconds,
                answers.median(),
                answers.percentile(99),
                answers.max()));
    }

    private void askInTurn(int count, long firstDueNanos) {
        ByteBuffer request = new RedirectRequest(
                        0,
                        TargetAttribute.PRIMARY,
                        Map.of("application_name", "bench", "driver", "bench", "pid", "12345"))
                .encode();
        long due = firstDueNanos;
        try {
            for (int i = 0; i < count; i++) {
                for (long now = NanoClock.SYSTEM.nanoTime(); now - due < 0; now = NanoClock.SYSTEM.nanoTime()) {
                    LockSupport.parkNanos(due - now);
                }
                SocketChannel channel = SocketChannel.open(conmgr);
                exchange(channel, request.rewind());
                micros.add((NanoClock.SYSTEM.nanoTime() - due) / 1e3);
                channels.add(channel);
                due += periodNanos;
            }
        } catch (IOException e) {
            System.out.println("FAILED");
            System.out.println(e);
        }
    }

    private static void exchange(SocketChannel channel, ByteBuffer request) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        while (request.hasRemaining()) {
            channel.write(request);
        }
        ByteBuffer answer = ByteBuffer.allocate(4096);
        while (answer.position() < Integer.BYTES + 1 || answer.position() < 1 + answer.getInt(LENGTH_AT)) {
            if (channel.read(answer) < 0) {
                throw new EOFException("no answer");
            }
        }
        if (answer.get(0) != 'c') {
            throw new IOException("refused");
        }
    }

    private void awaitNotices() throws IOException {
        try (Selector selector = Selector.open()) {
            for (SocketChannel channel : channels) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
            System.out.println("WAITING");
            ByteBuffer notice = ByteBuffer.allocateDirect(4096);
            List<Long> nanos = new ArrayList<>();
            while (nanos.size() < channels.size()) {
                selector.select(key -> {
                    if (isNotice(key, notice.clear())) {
                        nanos.add(NanoClock.SYSTEM.nanoTime());
                        key.cancel();
                    }
                });
            }
            Collections.sort(nanos);
            System.out.println("NOTICE " + nanos.get(nanos.size() / 2) + " " + nanos.get(nanos.size() - 1));
        }
        for (SocketChannel channel : channels) {
            channel.close();
        }
        System.out.println("CLOSED");
    }

    private static boolean isNotice(SelectionKey key, ByteBuffer into) {
        try {
            return ((SocketChannel) key.channel()).read(into) != 0;
        } catch (IOException e) {
            return true;
        }
    }
}
