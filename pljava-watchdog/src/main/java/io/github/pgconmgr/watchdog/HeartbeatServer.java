package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.StallMeter;
import io.github.pgconmgr.time.WallClock;
import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.peer.PeerTable;
import io.github.pgconmgr.watchdog.peer.PeerTableConfig;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The loop of thread {@code watchdog-io}: sockets on one side, the peer table on the other (ADR 3). One bad peer never disturbs
 * another; what is not one connection's fault ends the loop, and the next tick throws it.
 *
 * <p>Confined to the thread that runs it, but for {@link #order}, {@link #stop} and what {@link Outbox} hands over.
 */
final class HeartbeatServer implements Runnable {

    /**
     * The scheduler's ordinary lateness, and our own garbage collections of a 16 MB heap, stay below this; a timeout is seldom
     * less than fifty times as long.
     */
    private static final long STALL_THRESHOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long STALL_LOG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** With peers that beat every minute a stall would otherwise be seen only by its last part. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int ACCEPTS_PER_TURN = 64;

    /** How old the times in the view's rows may become here; a tick's interval comes on top. */
    private static final long ROWS_REFRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** With more rows than this a change may wait a little for the next ones, as all rows go together. */
    private static final int FEW_ROWS = 256;

    /** How long it may wait, for each row: a tenth of the time at most goes into handing rows over. */
    private static final long PAUSE_PER_ROW_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final NanoClock clock;
    private final Selector selector;
    private final Outbox outbox;
    private final Wake wake;
    private final List<PeerRow> adopted;
    /** Written by the thread that ticks, which is one at a time. */
    private volatile Orders orders;

    private final TurnOutput output = new TurnOutput();
    private final Connections connections;
    private final ListeningPorts listeningPorts;
    private final Doorkeeper doorkeeper;
    private final PeerTable table;
    private final Gate gate;
    private final StallMeter stallMeter = new StallMeter(STALL_THRESHOLD_NANOS);
    private Orders carriedOut;
    private long nowNanos;
    private long plannedNanos;
    private long rowsPublishedNanos;
    private boolean heardSincePublished;
    private boolean rowsChanged;
    private volatile boolean stopped;
    /** Whether a new LSN alone is worth a wakeup; written by the I/O thread alone. */
    private volatile boolean followed;
    /** Written by the I/O thread alone. */
    private volatile long turns;

    /** Where the server stands and what it starts from. Immutable. */
    record Setting(
            int port,
            List<ListenPlan.Socket> listenOn,
            PeerTableConfig table,
            List<PeerRow> adopted,
            @Nullable SharedSecret secret,
            ServerLimits limits,
            NanoClock clock,
            Orders orders) {}

    /**
     * Opens the selector; binds nothing yet.
     *
     * @throws IOException if not even a selector can be had
     */
    HeartbeatServer(Setting setting, Outbox outbox, Wake wake) throws IOException {
        this.clock = setting.clock();
        this.selector = Selector.open();
        this.outbox = outbox;
        this.wake = wake;
        this.adopted = setting.adopted();
        this.orders = setting.orders();
        this.carriedOut = setting.orders();
        this.nowNanos = clock.nanoTime();
        this.plannedNanos = nowNanos;
        this.rowsPublishedNanos = nowNanos;
        this.connections = new Connections(setting.limits(), WallClock.SYSTEM, output::log);
        this.doorkeeper = new Doorkeeper(orders.allowed(), connections, output::log);
        this.listeningPorts = new ListeningPorts(
                setting.listenOn(), setting.port(), setting.limits().bindRetryNanos(), nowNanos, output::log);
        this.table = new PeerTable(setting.table(), output);
        this.gate = new Gate(table, connections::close, setting.secret(), new SecureRandom(), output::log);
        output.connect(connections);
    }

    /** Hands over what the latest tick said; any thread, never blocks. */
    void order(Orders latest) {
        Orders former = orders;
        orders = latest;
        if (latest.isUrgentAfter(former, followed)) {
            selector.wakeup();
        }
    }

    /** Ends the loop; any thread. The product ends with its process and never calls it. */
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    /** How many turns the loop has taken; any thread. There is one a second at least. */
    long turns() {
        return turns;
    }

    @Override
    public void run() {
        try {
            nowNanos = clock.nanoTime();
            plannedNanos = nowNanos;
            carryOut(orders);
            table.adopt(nowNanos, adopted);
            while (!stopped) {
                turn();
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            connections.closeAll();
            listeningPorts.close();
            Channels.close(selector);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void turn() throws IOException {
        turns++;
        awaitEvents();
        nowNanos = clock.nanoTime();
        noticeStall();
        carryOutOrders();
        handleReadyKeys();
        listeningPorts.onTick(nowNanos, selector);
        connections.onTick(nowNanos);
        gate.onTick(nowNanos);
        doorkeeper.onTick(nowNanos);
        if (table.judgementDue(nowNanos)) {
            readAllThatHasArrived();
        }
        table.onTick(nowNanos);
        endBroken();
        followed = table.isFollowed(nowNanos);
        publish();
        plannedNanos = plan();
    }

    /** The time is read here once more: a turn that took long must not lengthen the wait. */
    private void awaitEvents() throws IOException {
        long waitNanos = plannedNanos - clock.nanoTime();
        if (waitNanos <= 0) {
            selector.selectNow();
        } else {
            selector.select(TimeUnit.NANOSECONDS.toMillis(waitNanos - 1) + 1);
        }
    }

    private void noticeStall() {
        long stallNanos = stallMeter.onWake(nowNanos, plannedNanos);
        if (stallNanos > 0) {
            table.onStall(nowNanos, stallNanos);
            LogLevel level = stallNanos > STALL_LOG_NANOS ? LogLevel.LOG : LogLevel.DEBUG1;
            long millis = TimeUnit.NANOSECONDS.toMillis(stallNanos);
            output.log(level, "this process was stalled for " + millis + " ms; deadlines move by as much");
        }
    }

    private void carryOutOrders() {
        Orders latest = orders;
        if (!latest.equals(carriedOut)) {
            carryOut(latest);
        }
    }

    private void carryOut(Orders latest) {
        carriedOut = latest;
        doorkeeper.onAllowed(latest.allowed());
        table.onSharedAddressRule(latest.sharedAddress());
        table.onInstanceState(nowNanos, latest.state());
        table.onUpstream(latest.upstream());
        if (latest.exiting()) {
            table.onExiting(nowNanos);
        }
    }

    /** New connections come last: a HELLO that is read before makes room among those that wait. */
    private void handleReadyKeys() {
        List<ListeningPort> arrivals = new ArrayList<>();
        for (SelectionKey key : selector.selectedKeys()) {
            if (!key.isValid()) {
                continue;
            }
            if (key.attachment() instanceof ListeningPort port) {
                arrivals.add(port);
            } else {
                onReady((Connection) key.attachment(), key);
            }
        }
        selector.selectedKeys().clear();
        arrivals.forEach(this::acceptAll);
    }

    private void acceptAll(ListeningPort port) {
        for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
            SocketChannel channel = port.accept(nowNanos);
            if (channel == null) {
                return;
            }
            Connection connection = connections.add(nowNanos, channel, selector);
            if (connection != null) {
                doorkeeper.onAccept(nowNanos, connection, connections.isCrowded());
                if (connection.isOpen()) {
                    // Often its HELLO is here already: after our restart all conmgrs come at once.
                    read(connection);
                }
            }
        }
    }

    private void onReady(Connection connection, SelectionKey key) {
        if (key.isWritable()) {
            connection.onWritable();
        }
        if (key.isReadable()) {
            read(connection);
        } else if (connection.problem() != null) {
            endBroken();
        }
    }

    private void read(Connection connection) {
        if (doorkeeper.admits(connection)) {
            connection.onReadable(this::onFrame);
        } else {
            doorkeeper.refuse(nowNanos, connection);
        }
        if (connection.problem() != null) {
            endBroken();
        }
    }

    private void onFrame(Connection connection, HeartbeatFrame frame) {
        heardSincePublished = true;
        gate.onFrame(nowNanos, connection, frame);
    }

    /**
     * Before anybody is judged (death.md, "Words"). Two reads of a connection always complete a frame or show a malformed one; a
     * select reports up to 1024 sockets; a new connection is accepted in one round and read in the next. A peer that sends
     * without end does not keep us here.
     */
    private void readAllThatHasArrived() throws IOException {
        int rounds = 4 + selector.keys().size() / 512;
        for (int i = 0; i < rounds && selector.selectNow() > 0; i++) {
            handleReadyKeys();
        }
    }

    private void endBroken() {
        for (Connection connection : connections.takeBroken(nowNanos)) {
            table.onClosed(nowNanos, connection.id());
        }
    }

    private void publish() throws IOException {
        boolean goodbyesSent = carriedOut.exiting() && !connections.hasUnsent();
        rowsChanged |= output.takeRowsChanged();
        List<Judgement> judgements = output.takeJudgements();
        // A dead row leaves shared memory with its judgement, not later: it must not be judged again.
        boolean changedNow = rowsChanged && (!judgements.isEmpty() || nowNanos - rowsDueNanos() >= 0);
        boolean rowsOld = heardSincePublished && nowNanos - rowsPublishedNanos >= ROWS_REFRESH_NANOS;
        Outbox.Turn turn = new Outbox.Turn(
                changedNow || rowsOld ? rows() : null,
                changedNow,
                judgements,
                output.takeLog(),
                listeningPorts.isListening(),
                goodbyesSent);
        if (outbox.put(turn)) {
            wake.signal();
        }
    }

    /** When changed rows go to C. */
    private long rowsDueNanos() {
        int rows = table.peers().size();
        return rowsPublishedNanos + (rows > FEW_ROWS ? rows * PAUSE_PER_ROW_NANOS : 0);
    }

    private List<PeerRow> rows() {
        rowsPublishedNanos = nowNanos;
        heardSincePublished = false;
        rowsChanged = false;
        return table.rows(nowNanos, ChronoUnit.MICROS.between(Instant.EPOCH, WallClock.SYSTEM.now()));
    }

    private long plan() {
        long planned = nowNanos + LONGEST_WAIT_NANOS;
        if (rowsChanged) {
            planned = earlier(planned, OptionalLong.of(rowsDueNanos()));
        }
        planned = earlier(planned, table.nextDeadlineNanos());
        planned = earlier(planned, connections.nextDeadlineNanos());
        return earlier(planned, listeningPorts.nextRetryNanos());
    }

    private static long earlier(long planned, OptionalLong other) {
        return other.isPresent() && other.getAsLong() - planned < 0 ? other.getAsLong() : planned;
    }

    private void fail(Throwable cause) {
        outbox.fail(cause);
        try {
            wake.signal();
        } catch (IOException e) {
            // The pipe is what failed, or is gone as well: the next regular tick throws the cause.
            cause.addSuppressed(e);
        }
    }

    /** For tests: the port that was really bound by the first socket; 0 until then. */
    int boundPort() {
        return listeningPorts.boundPort();
    }
}
