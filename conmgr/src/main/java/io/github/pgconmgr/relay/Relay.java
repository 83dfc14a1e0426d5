package io.github.pgconmgr.relay;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.config.RelayConfig;
import io.github.pgconmgr.frontend.Admission;
import io.github.pgconmgr.frontend.BareSocket;
import io.github.pgconmgr.frontend.ListenException;
import io.github.pgconmgr.frontend.ListenSockets;
import io.github.pgconmgr.frontend.StockClients;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.RandomBytes;
import io.github.pgconmgr.relay.console.RelayPicture;
import io.github.pgconmgr.relay.netty.RelayLoop;
import io.github.pgconmgr.relay.netty.ServerTls;
import io.github.pgconmgr.relay.session.Doors;
import io.github.pgconmgr.relay.session.RelayCore;
import io.github.pgconmgr.relay.session.Surroundings;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The relay as the daemon sees it: brings core, loop and topology together (ADR 9).
 *
 * <p>Shared: start, reload and stop are called by the daemon's main thread; {@link #take} by the frontend loop. All else is confined to the
 * thread {@code relay}.
 */
public final class Relay implements StockClients {

    /**
     * What was read from other files than conmgr.conf. Immutable.
     *
     * @param tls null without a certificate
     */
    public record Secrets(AuthSettings auth, @Nullable ServerTls tls) {}

    private final Topology topology;
    private final Log log;
    private final RelayLoop loop;
    private final RelayCore core;
    private volatile RelayConfig config;

    /**
     * Makes the loop; nobody is served before {@link #start}.
     *
     * @param doors asked by the thread relay only, behind {@link #start}
     */
    public Relay(
            ConmgrConfig config, Secrets secrets, Doors doors, Surroundings.About about, Topology topology, Log log) {
        this.config = config.relay();
        this.topology = topology;
        this.log = log;
        NanoClock clock = NanoClock.SYSTEM;
        ServerTls tls = secrets.tls();
        this.loop = new RelayLoop(clock, tls);
        RandomBytes random = RandomBytes.secure();
        this.core = new RelayCore(
                new Surroundings(
                        loop.network(),
                        log,
                        topology::snapshot,
                        new Authenticator(secrets.auth(), random),
                        random,
                        tls != null,
                        doors,
                        about),
                config.relay(),
                config.routing(),
                clock.nanoTime());
    }

    /** Begins to hear of lost sessions. */
    public void start() {
        topology.addListener(lost -> loop.execute(nowNanos -> core.onSessionsLost(lost, nowNanos)));
        topology.addChangeListener(() -> loop.execute(core::onTopologyChanged));
        loop.every(RelayCore.TICK_NANOS, core::onTick);
    }

    /**
     * Listens on the relay's own ports, one per attribute, those that are not 0: whoever connects there is its client from the first byte
     * on. Their queue in the kernel is as long as {@code listen_backlog_multiplier} says (P4), or as the kernel allows. Blocks.
     *
     * @throws ListenException names the address that failed; {@link #stop} is still to be called
     */
    public void listen(ConmgrConfig configured, Admission admission) throws ListenException {
        RelayConfig its = configured.relay();
        Map<TargetAttribute, Integer> ports = Map.of(
                TargetAttribute.PRIMARY, its.primaryPort(),
                TargetAttribute.STANDBY, its.standbyPort(),
                TargetAttribute.ANY, its.anyPort());
        for (Map.Entry<TargetAttribute, Integer> each : ports.entrySet()) {
            if (each.getValue() != 0) {
                TargetAttribute target = each.getKey();
                RelayLoop.Acceptor acceptor = (connection, nowNanos) -> core.accept(connection, target, nowNanos);
                int backlog = its.pool().maxWaiting();
                new ListenSockets(log)
                        .open(
                                configured.listenAddresses(),
                                each.getValue(),
                                address -> loop.listen(address, backlog, admission, acceptor));
            }
        }
    }

    /** Lets clients of the relay's own ports wait in the kernel's queue (P4), or lets them in again. Any thread. */
    public void pauseListening(boolean pause) {
        loop.execute(nowNanos -> loop.pauseListening(pause));
    }

    /** No new clients on the relay's own ports. Blocks until they are free. */
    public void stopListening() {
        loop.stopListening();
    }

    @Override
    public void take(BareSocket socket, ByteBuffer received, Runnable onClosed) {
        loop.adopt(
                socket,
                received,
                (connection, nowNanos) -> core.accept(connection, config.target(), nowNanos),
                onClosed);
    }

    /** Another configuration holds from now on; does not wait. */
    public void reload(ConmgrConfig changed) {
        config = changed.relay();
        loop.execute(nowNanos -> core.configure(changed.relay(), changed.routing(), nowNanos));
    }

    /** The files were read again: holds for those who connect from now on; does not wait. TLS is not switched on or off by it. */
    public void reload(Secrets changed) {
        ServerTls tls = changed.tls();
        loop.execute(nowNanos -> {
            if (tls != null) {
                loop.useTls(tls);
            }
            core.authenticate(changed.auth());
        });
    }

    /** The relay at this moment; fails with RejectedExecutionException after {@link #stop}. Any thread. */
    public CompletableFuture<RelayPicture> picture() {
        return loop.ask(core::picture);
    }

    /** How many connections to instances it has. Any thread. */
    public int serverConnections() {
        return core.serverCount();
    }

    /** How many it may come to have for the clients that are there, and at least those that it has. Any thread. */
    public int promisedConnections() {
        PoolConfig pool = config.pool();
        long most = (long) pool.workers() * pool.maxPool();
        return (int) Math.max(core.serverCount(), Math.min(core.clientCount(), most));
    }

    /** Tells every relayed client that it is over, closes everything, ends the thread. Blocks, for seconds at most. */
    public void stop() {
        loop.stop(core::stop);
    }
}
