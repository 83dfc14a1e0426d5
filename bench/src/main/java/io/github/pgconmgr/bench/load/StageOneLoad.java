package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.bench.Samples;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stage 1 as drivers do it, 1,000 a second, in turns of one second with the same exchange against {@link BareServer}. One
 * exchange is: connect, ask, read the whole answer. One that has to wait for the one before it counts from its due time, so a
 * stall counts for all whom it delays.
 *
 * <pre>
 * StageOneLoad CONMGR-PORT BARE-PORT TURNS    OURS p50 p99 max | BARE p50 p99 max, in µs; END
 * </pre>
 *
 * <p>Confined to the main thread.
 */
public final class StageOneLoad {

    /** Exchanges a second, and so a turn. */
    public static final int PER_SECOND = 1000;

    private static final int WARM_UP_TURNS = 3;
    private static final int LENGTH_AT = 1;
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private final ByteBuffer request = new RedirectRequest(
                    0, TargetAttribute.PRIMARY, Map.of("application_name", "bench", "driver", "bench"))
            .encode();
    private final ByteBuffer answer = ByteBuffer.allocate(4096);

    private StageOneLoad() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        StageOneLoad load = new StageOneLoad();
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        InetSocketAddress conmgr = new InetSocketAddress(loopback, Integer.parseInt(arguments[0]));
        InetSocketAddress bare = new InetSocketAddress(loopback, Integer.parseInt(arguments[1]));
        int turns = Integer.parseInt(arguments[2]);
        for (int turn = -WARM_UP_TURNS; turn < turns; turn++) {
            Samples ours = load.turn(conmgr);
            Samples without = load.turn(bare);
            if (turn >= 0) {
                say("OURS", ours);
                say("BARE", without);
            }
        }
        System.out.println("END");
    }

    private static void say(String word, Samples micros) {
        System.out.println(word + " " + micros.median() + " " + micros.percentile(99) + " " + micros.max());
    }

    private Samples turn(InetSocketAddress server) throws IOException {
        List<Double> micros = new ArrayList<>(PER_SECOND);
        long dueNanos = NanoClock.SYSTEM.nanoTime() + PERIOD_NANOS;
        for (int i = 0; i < PER_SECOND; i++) {
            long begin = awaitTurn(dueNanos);
            try (SocketChannel channel = SocketChannel.open(server)) {
                exchange(channel);
                micros.add((NanoClock.SYSTEM.nanoTime() - begin) / 1e3);
            }
            dueNanos += PERIOD_NANOS;
        }
        return Samples.of(micros);
    }

    /** When the exchange begins: now that the timer has woken us (late is our own fault), or long ago if we are behind. */
    private static long awaitTurn(long dueNanos) {
        long now = NanoClock.SYSTEM.nanoTime();
        if (now - dueNanos >= 0) {
            return dueNanos;
        }
        while (now - dueNanos < 0) {
            LockSupport.parkNanos(dueNanos - now);
            now = NanoClock.SYSTEM.nanoTime();
        }
        return now;
    }

    private void exchange(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        request.rewind();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        answer.clear();
        while (answer.position() < Integer.BYTES + 1 || answer.position() < 1 + answer.getInt(LENGTH_AT)) {
            if (channel.read(answer) < 0) {
                throw new EOFException("no answer");
            }
        }
        if (answer.get(0) != 'c') {
            throw new IOException("refused");
        }
    }
}
