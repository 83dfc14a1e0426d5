package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.PeerTableConfig;
import io.github.pgconmgr.watchdog.tick.FirstTick;
import io.github.pgconmgr.watchdog.tick.TickInput;
import java.io.IOException;
import java.util.Objects;

/**
 * One running watchdog: the I/O thread, and the ticks that meet it (ADR 3).
 *
 * <p>Confined to the thread that ticks; {@link HeartbeatServer} lives on its own.
 */
final class Watchdog {

    private static final String UNPACKAGED = "unpackaged";

    private final NanoClock clock;
    private final Outbox outbox = new Outbox();
    private final Wake wake;
    private final HeartbeatServer server;
    private final Thread ioThread;
    private final TurnCheck turnCheck = new TurnCheck();
    private Orders orders;

    /**
     * Starts the I/O thread.
     *
     * @throws IOException if the wake pipe cannot be opened
     */
    Watchdog(FirstTick first, TickInput tick, ServerLimits limits, NanoClock clock) throws IOException {
        this.clock = clock;
        this.wake = Wake.open(first.wakeDescriptor());
        PeerTableConfig config = new PeerTableConfig(
                first.maxPeers(), first.systemIdentifier(), first.postmasterStartMicros(), tick.state(), version());
        this.orders = Orders.of(tick);
        HeartbeatServer.Setting setting = new HeartbeatServer.Setting(
                first.port(),
                ListenPlan.of(first.listenOn()),
                config,
                first.rows(),
                first.secret(),
                limits,
                clock,
                orders);
        this.server = new HeartbeatServer(setting, outbox, wake);
        if (first.unreadableRows() > 0) {
            outbox.log(LogLevel.WARNING, first.unreadableRows() + " rows in shared memory could not be read");
        }
        this.ioThread = new Thread(server, "watchdog-io");
        ioThread.setDaemon(true);
        ioThread.start();
    }

    /** One tick; never blocks. */
    byte[] tick(TickInput tick) throws IOException {
        wake.onTick();
        orders = orders.after(tick);
        server.order(orders);
        long nowNanos = clock.nanoTime();
        byte[] answer = outbox.take().encode(nowNanos);
        if (turnCheck.isStuck(nowNanos, server.turns())) {
            throw new IllegalStateException("the I/O thread does not answer");
        }
        if (outbox.hasMore()) {
            wake.signal();
        }
        return answer;
    }

    /** For tests. */
    HeartbeatServer server() {
        return server;
    }

    /** Ends the I/O thread and awaits it; for tests, the product ends with its process. */
    void close() throws IOException, InterruptedException {
        server.stop();
        ioThread.join();
        wake.close();
    }

    /** As the jar's manifest says. */
    private static String version() {
        return Objects.requireNonNullElse(Watchdog.class.getPackage().getImplementationVersion(), UNPACKAGED);
    }
}
