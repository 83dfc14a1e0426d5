package io.github.pgconmgr.relay;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.RelayConfig;
import io.github.pgconmgr.frontend.StockClients;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.RandomBytes;
import io.github.pgconmgr.relay.netty.RelayLoop;
import io.github.pgconmgr.relay.session.RelayCore;
import io.github.pgconmgr.relay.session.Surroundings;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.Topology;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The relay as the daemon sees it: brings core, loop and topology together (ADR 9).
 *
 * <p>Shared: start, reload and stop are called by the daemon's main thread; {@link #take} by the frontend loop. All else is confined to the
 * thread {@code relay}.
 */
public final class Relay implements StockClients {

    private final Topology topology;
    private final RelayLoop loop;
    private final RelayCore core;
    private volatile RelayConfig config;

    /** Makes the loop; nobody is served before {@link #start}. */
    public Relay(ConmgrConfig config, AuthSettings auth, Topology topology, Log log, NanoClock clock) {
        this.config = config.relay();
        this.topology = topology;
        this.loop = new RelayLoop(clock);
        RandomBytes random = RandomBytes.secure();
        this.core = new RelayCore(
                new Surroundings(
                        loop.network(), log, topology::snapshot, new Authenticator(auth, random), random, false),
                config.relay().pool(),
                config.routing(),
                clock.nanoTime());
    }

    /** Begins to hear of lost sessions. */
    public void start() {
        topology.addListener(lost -> loop.execute(nowNanos -> core.onSessionsLost(lost, nowNanos)));
        topology.addChangeListener(() -> loop.execute(core::onTopologyChanged));
        loop.every(RelayCore.TICK_NANOS, core::onTick);
    }

    @Override
    public void take(SocketChannel socket, ByteBuffer received, Runnable onClosed) {
        loop.adopt(socket, received, connection -> core.accept(connection, config.target()), onClosed);
    }

    /** Another configuration holds from now on; does not wait. */
    public void reload(ConmgrConfig changed) {
        config = changed.relay();
        loop.execute(nowNanos -> core.configure(changed.relay().pool(), changed.routing(), nowNanos));
    }

    /** Tells every relayed client that it is over, closes everything, ends the thread. Blocks, for seconds at most. */
    public void stop() {
        loop.stop(core::stop);
    }
}
