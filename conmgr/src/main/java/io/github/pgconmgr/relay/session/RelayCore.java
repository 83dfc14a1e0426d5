package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.config.PoolMode;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.CancelKeys;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.relay.pool.Workers;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The relay's core: all clients and server connections, and what they have in common (ADR 9).
 *
 * <p>Confined to the relay's loop.
 */
public final class RelayCore {

    /** PostgreSQL's connection_failure: the server connection is gone. */
    static final String CONNECTION_FAILURE = "08006";

    /** PostgreSQL's admin_shutdown, as a backend says that is terminated. */
    static final String ADMIN_SHUTDOWN = "57P01";

    /** PostgreSQL's idle_session_timeout. */
    static final String IDLE_SESSION = "57P05";

    /** For the TCP connection to an instance. */
    static final long DIAL_LIMIT_NANOS = 10_000_000_000L;

    /** How often {@link #onTick} is to be called. */
    public static final long TICK_NANOS = 1_000_000_000L;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int SCRATCH_BYTES = 8192;

    private final Surroundings around;
    private final InstanceChoice instances;
    private final Workers workers;
    private final WorkerQueue queue;
    private final Returns returns = new Returns(this);
    private final CancelKeys<ClientSession> cancelKeys;
    private final Set<ClientSession> clients = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<ServerSession> servers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Placement> instanceWaiters = new LinkedHashSet<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private PoolConfig pool;
    private ResetQueries resetQueries;
    private boolean stopping;

    /** Nobody is there yet. */
    public RelayCore(Surroundings around, PoolConfig pool, RoutingConfig routing, long nowNanos) {
        this.around = around;
        this.pool = pool;
        this.instances = new InstanceChoice(around.snapshots(), routing);
        this.workers = new Workers(pool, nowNanos);
        this.queue = new WorkerQueue(pool, workers);
        this.cancelKeys = new CancelKeys<>(around.random());
        this.resetQueries = ResetQueries.of(pool.resetQueries());
    }

    // ---- events

    /** A client has connected, to a port that stands for this attribute. */
    public ConnectionEvents accept(Connection connection, TargetAttribute target) {
        ClientSession client = new ClientSession(this, connection, target);
        clients.add(client);
        return client;
    }

    /** What may change while conmgr runs; holds from now on, for those who are there, too. */
    public void configure(PoolConfig changed, RoutingConfig routing, long nowNanos) {
        pool = changed;
        resetQueries = ResetQueries.of(changed.resetQueries());
        instances.configure(routing);
        onTopologyChanged(nowNanos);
    }

    /** Somebody may fit now, for those who wait for an instance. */
    public void onTopologyChanged(long nowNanos) {
        List.copyOf(instanceWaiters).forEach(waiter -> waiter.proceedSafely(nowNanos));
    }

    /** The sessions of an instance are lost: its clients are told, what is cached is closed. */
    public void onSessionsLost(SessionsLost lost, long nowNanos) {
        ErrorResponse last = new ErrorResponse(
                ADMIN_SHUTDOWN,
                "terminating connection because instance " + lost.instanceNumber() + " is lost: " + lost.reason());
        List<ServerSession> ended = servers.stream()
                .filter(server -> server.instance().number() == lost.instanceNumber()
                        && server.instance().isOlderThan(lost.generation()))
                .toList();
        ended.forEach(server -> endSafely(server, last, nowNanos));
        if (!ended.isEmpty()) {
            log().write(
                            Message.RELAYED_SESSIONS_LOST,
                            "instance " + lost.instanceNumber(),
                            ended.size(),
                            lost.reason());
        }
    }

    private void endSafely(ServerSession server, ErrorResponse last, long nowNanos) {
        try {
            server.end(last, nowNanos);
        } catch (RuntimeException e) {
            log().write(Message.RELAY_INTERNAL_ERROR, server.name(), e.toString());
        }
    }

    /** Judges what is idle or late. */
    public void onTick(long nowNanos) {
        workers.onTick(nowNanos);
        for (ServerSession server : List.copyOf(servers)) {
            if (server.reset().isLate(Returns.RESET_LIMIT_NANOS, nowNanos)) {
                server.onLost("the reset of a server connection took too long", nowNanos);
            }
        }
        for (ClientSession client : List.copyOf(clients)) {
            client.onTick(nowNanos);
        }
    }

    /** conmgr stops: every client is told, everything is closed. */
    public void stop(long nowNanos) {
        stopping = true;
        ErrorResponse last = new ErrorResponse(ADMIN_SHUTDOWN, "terminating connection because conmgr is stopping");
        List.copyOf(clients).forEach(client -> client.fail(last, nowNanos));
        List.copyOf(servers).forEach(server -> server.close(nowNanos));
        workers.dropIf(pooled -> true, "", nowNanos);
    }

    // ---- for the sessions

    /** A whole start-up packet: end to end, or with a proof. */
    void onStartup(ClientSession client, StartupPacket packet, long nowNanos) {
        if (around.authenticator().settings().isEndToEnd()) {
            begin(client, new Login(packet, null, NOTHING), nowNanos);
        } else {
            LoginStage stage = new LoginStage(this, client, packet);
            client.enter(stage);
            stage.begin(nowNanos);
        }
    }

    /** It is known who the client is, or it will prove itself to the server. */
    void begin(ClientSession client, Login login, long nowNanos) {
        Traffic traffic = new Traffic(this, client, login);
        client.move(ClientState.Event.ACCEPTED);
        client.enter(traffic);
        traffic.placement().proceed(nowNanos);
    }

    /** Cancels what the client with that key is doing; nothing if there is none, or if it has no server connection now. */
    void cancel(CancelRequest request, ClientSession asker, long nowNanos) {
        ClientSession meant = cancelKeys.find(request.pid(), request.key().duplicate());
        if (meant == null) {
            log().write(Message.CANCEL_KEY_WRONG, asker.name());
            return;
        }
        ServerSession server = meant.server();
        CancelRequest theirs = server == null ? null : server.cancelKey();
        if (server != null && theirs != null) {
            Cancellation.begin(this, server, theirs);
        }
    }

    void add(ServerSession server) {
        servers.add(server);
    }

    void forget(ServerSession server) {
        servers.remove(server);
    }

    void forget(ClientSession client) {
        clients.remove(client);
    }

    Network network() {
        return around.network();
    }

    Log log() {
        return around.log();
    }

    Authenticator authenticator() {
        return around.authenticator();
    }

    boolean offersTls() {
        return around.offersTls();
    }

    InstanceChoice instances() {
        return instances;
    }

    Set<Placement> instanceWaiters() {
        return instanceWaiters;
    }

    Workers workers() {
        return workers;
    }

    WorkerQueue queue() {
        return queue;
    }

    Returns returns() {
        return returns;
    }

    CancelKeys<ClientSession> cancelKeys() {
        return cancelKeys;
    }

    PoolConfig pool() {
        return pool;
    }

    ResetQueries resetQueries() {
        return resetQueries;
    }

    /** For what is put together and written within one call. */
    ByteBuffer scratch() {
        return scratch;
    }

    /** Transaction mode: a client has a server connection for a transaction only. */
    boolean sharesServers() {
        return pool.mode() == PoolMode.TRANSACTION;
    }

    boolean isStopping() {
        return stopping;
    }
}
