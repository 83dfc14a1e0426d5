package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.AddressBlock;
import io.github.pgconmgr.watchdog.peer.AllowedConmgrs;
import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.peer.SharedAddress;
import io.github.pgconmgr.watchdog.tick.FirstTick;
import io.github.pgconmgr.watchdog.tick.ListenAddress;
import io.github.pgconmgr.watchdog.tick.TickInput;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A watchdog on real sockets, ticked by the test as C would: what it says is decoded from the bytes. */
final class TestWatchdog implements AutoCloseable {

    static final InstanceState STATE = new InstanceState(false, false, false, 1, 1);
    static final AllowedConmgrs EVERYBODY = new AllowedConmgrs(List.of(
            new AddressBlock(new PeerAddress(false, 0, 0), 0), new AddressBlock(new PeerAddress(true, 0, 0), 0)));
    static final ServerLimits QUICK = new ServerLimits(300_000_000L, 3, 4096, 50_000_000L);

    final TestPipe pipe;
    final TestClock clock = new TestClock();
    final List<String> log = new ArrayList<>();
    final List<ByteBuffer> judgements = new ArrayList<>();
    List<PeerRow> rows = List.of();
    boolean listening;
    boolean goodbyesSent;
    private final Watchdog watchdog;

    TestWatchdog(Path directory, int port, ServerLimits limits, List<PeerRow> adopted) throws Exception {
        this(directory, port, limits, adopted, null);
    }

    private TestWatchdog(
            Path directory, int port, ServerLimits limits, List<PeerRow> adopted, @Nullable SharedSecret secret)
            throws Exception {
        pipe = new TestPipe(directory);
        FirstTick first =
                new FirstTick(port, 100, 4711, 1, pipe.descriptor(), secret, List.of(ListenAddress.ALL), adopted, 0);
        watchdog = new Watchdog(
                first, new TickInput(false, STATE, SharedAddress.Rule.SPARE, EVERYBODY, null, first), limits, clock);
    }

    static TestWatchdog listening(Path directory, ServerLimits limits) throws Exception {
        TestWatchdog started = new TestWatchdog(directory, 0, limits, List.of());
        Await.until("listening", () -> started.tick().listening);
        return started;
    }

    /** With a shared secret. */
    static TestWatchdog guarded(Path directory, ServerLimits limits, SharedSecret secret, PeerRow... adopted)
            throws Exception {
        TestWatchdog started = new TestWatchdog(directory, 0, limits, List.of(adopted), secret);
        Await.until("listening", () -> started.tick().listening);
        return started;
    }

    static AllowedConmgrs allowed(String first, int bits) {
        try {
            PeerAddress address = PeerAddress.of(InetAddress.getByName(first));
            return new AllowedConmgrs(List.of(new AddressBlock(address, bits)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(first, e);
        }
    }

    int port() {
        return watchdog.server().boundPort();
    }

    TestWatchdog tick() throws IOException {
        return tick(STATE, false);
    }

    TestWatchdog tick(InstanceState state, boolean exiting) throws IOException {
        return tick(new TickInput(exiting, state, SharedAddress.Rule.SPARE, null, null, null));
    }

    /** One that says anew who may connect. */
    TestWatchdog tick(AllowedConmgrs allowed) throws IOException {
        return tick(new TickInput(false, STATE, SharedAddress.Rule.SPARE, allowed, null, null));
    }

    private TestWatchdog tick(TickInput input) throws IOException {
        pipe.drain();
        ByteBuffer answer = ByteBuffer.wrap(watchdog.tick(input));
        try {
            decode(answer);
        } catch (MalformedMessageException e) {
            throw new IOException(e);
        }
        return this;
    }

    private void decode(ByteBuffer in) throws MalformedMessageException {
        in.getShort();
        int flags = in.get();
        goodbyesSent = (flags & 2) != 0;
        listening = (flags & 4) != 0;
        List<PeerRow> received = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            received.add(PeerRow.decode(in));
        }
        rows = (flags & 1) != 0 ? received : rows;
        for (int left = in.getShort(); left > 0; left--) {
            judgements.add(in.slice(in.position(), Judgement.BYTES));
            in.position(in.position() + Judgement.BYTES);
        }
        for (int left = in.getShort(); left > 0; left--) {
            int level = in.get();
            int length = in.getShort();
            log.add(level + " " + WireText.decode(in.slice(in.position(), length), length));
            in.position(in.position() + length);
        }
    }

    long logged(String part) {
        return log.stream().filter(line -> line.contains(part)).count();
    }

    void awaitLog(String part) throws Exception {
        Await.until("log line with " + part + " in " + log, () -> tick().logged(part) > 0);
    }

    @Override
    public void close() throws IOException {
        try {
            watchdog.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the loop ended", e);
        } finally {
            pipe.close();
        }
    }
}
