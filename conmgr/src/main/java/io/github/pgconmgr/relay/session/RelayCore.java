package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.config.PoolMode;
import io.github.pgconmgr.config.RelayConfig;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.CancelKeys;
import io.github.pgconmgr.relay.console.RelayPicture;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.relay.pool.PoolKey;
import io.github.pgconmgr.relay.pool.Workers;
import io.github.pgconmgr.relay.prepared.PreparedStatements;
import io.github.pgconmgr.relay.prepared.ServerStatements;
import io.github.pgconmgr.relay.prepared.StatementRewriter;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import io.github.pgconmgr.relay.protocol.StartupPackets;
import io.github.pgconmgr.relay.statistics.RelayStatistics;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.topology.TopologySnapshot;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The relay's core: all clients and server connections, and what they have in common (ADR 9).
 *
 * <p>Confined to the relay's loop, but for {@link #serverCount} and {@link #clientCount}.
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
    private final ByteBuffer joinedToServer = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final ByteBuffer joinedToClient = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final @Nullable PreparedStatements prepared;
    private PoolConfig pool;
    private ResetQueries resetQueries;
    private final RelayStatistics statistics;
    private final UserLookUps lookUps;
    private final StartupPackets startupPackets = new StartupPackets();
    private final TargetAttribute lookUpTarget;
    private final String lookUpDatabase;
    private List<String> statsUsers;
    private volatile int serverCount;
    private volatile int clientCount;
    private long lastId;
    private boolean stopping;

    /** Nobody is there yet. */
    public RelayCore(Surroundings around, RelayConfig config, RoutingConfig routing, long nowNanos) {
        this.around = around;
        this.pool = config.pool();
        this.statsUsers = config.statsUsers();
        this.statistics = new RelayStatistics(nowNanos);
        this.instances = new InstanceChoice(around.snapshots(), routing);
        this.workers = new Workers(pool, nowNanos);
        this.queue = new WorkerQueue(pool, workers, around.doors());
        this.cancelKeys = new CancelKeys<>(around.random());
        this.resetQueries = ResetQueries.of(pool.resetQueries());
        this.lookUps = new UserLookUps(this);
        this.lookUpTarget = config.target();
        this.lookUpDatabase = config.auth().database();
        boolean rewrites = pool.mode() == PoolMode.TRANSACTION && pool.maxPreparedStatements() > 0;
        this.prepared = rewrites ? new PreparedStatements(pool.maxPreparedStatements()) : null;
    }

    // ---- events

    /** A client has connected, to a port that stands for this attribute. */
    public ConnectionEvents accept(Connection connection, TargetAttribute target, long nowNanos) {
        ClientSession client = new ClientSession(this, connection, target, nowNanos);
        clients.add(client);
        clientCount = clients.size();
        return client;
    }

    /** What may change while conmgr runs; holds from now on, for those who are there, too. */
    public void configure(RelayConfig changed, RoutingConfig routing, long nowNanos) {
        pool = changed.pool();
        statsUsers = changed.statsUsers();
        resetQueries = ResetQueries.of(pool.resetQueries());
        instances.configure(routing);
        onTopologyChanged(nowNanos);
    }

    /** How clients log in from now on. */
    public void authenticate(AuthSettings changed) {
        around.authenticator().reload(changed);
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
        UnprovenClients.makeWay(this, queue.waiting(), nowNanos);
        statistics.onTick(nowNanos);
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
        client.setStartup(packet);
        if (ConsoleStage.isFor(packet) && around.authenticator().settings().isEndToEnd()) {
            client.fail(ConsoleStage.NOBODY, nowNanos);
        } else if (around.authenticator().settings().isEndToEnd()) {
            begin(client, new Login(packet, null, NOTHING), nowNanos);
        } else {
            LoginStage stage = new LoginStage(this, client, packet);
            client.enter(stage);
            stage.begin(nowNanos);
        }
    }

    /** It is known who the client is, or it will prove itself to the server. */
    void begin(ClientSession client, Login login, long nowNanos) {
        if (ConsoleStage.isFor(login.startup())) {
            ConsoleStage.begin(this, client, login, nowNanos);
            return;
        }
        Traffic traffic = new Traffic(this, client, login, nowNanos);
        client.move(ClientState.Event.ACCEPTED);
        client.enter(traffic);
        traffic.placement().proceed(nowNanos);
    }

    /**
     * Cancels what the client with that key is doing; nothing if there is none, or if it has no server connection now. Then the asker is let
     * go.
     */
    void cancel(CancelRequest request, ClientSession asker, long nowNanos) {
        ClientSession meant = cancelKeys.find(request.pid(), request.key().duplicate());
        if (meant == null) {
            log().write(Message.CANCEL_KEY_WRONG, asker.name());
        }
        ServerSession server = meant == null ? null : meant.server();
        CancelRequest theirs = server == null ? null : server.cancelKey();
        if (server != null && theirs != null) {
            Cancellation.begin(this, server, theirs, asker);
        } else {
            asker.leave(nowNanos);
        }
    }

    /** The relay at this moment, for the console and cm_ctl. */
    public RelayPicture picture(long nowNanos) {
        return new PictureTaker(this, around.about(), nowNanos).take(List.copyOf(clients), List.copyOf(servers));
    }

    /** All server connections, the cached ones among them. */
    Set<ServerSession> servers() {
        return servers;
    }

    UserLookUps lookUps() {
        return lookUps;
    }

    StartupPackets startupPackets() {
        return startupPackets;
    }

    /** Which instance is asked by auth_query: what conmgr's own port stands for. */
    TargetAttribute lookUpTarget() {
        return lookUpTarget;
    }

    String lookUpDatabase() {
        return lookUpDatabase;
    }

    RelayStatistics statistics() {
        return statistics;
    }

    List<String> statsUsers() {
        return statsUsers;
    }

    /** For clients and server connections. */
    long nextId() {
        return ++lastId;
    }

    TopologySnapshot topology() {
        return around.snapshots().get();
    }

    void add(ServerSession server) {
        servers.add(server);
        serverCount = servers.size();
    }

    /** The same object for equal keys, which are compared with each transaction: that of a server connection, if there is one. */
    @Nullable
    PoolKey sameKey(@Nullable PoolKey key) {
        if (key == null) {
            return null;
        }
        for (ServerSession server : servers) {
            if (server.isPoolable() && key.equals(server.key())) {
                return server.key();
            }
        }
        return key;
    }

    void forget(ServerSession server) {
        servers.remove(server);
        serverCount = servers.size();
    }

    /** How many server connections there are. Any thread. */
    public int serverCount() {
        return serverCount;
    }

    /** How many clients there are. Any thread. */
    public int clientCount() {
        return clientCount;
    }

    /** Whether there may be one more server connection; a cached one is closed for it, if it must be. */
    boolean makeRoom(long nowNanos) {
        return around.doors().hasRoom()
                || (workers.dropOne(nowNanos) && around.doors().hasRoom());
    }

    void forget(ClientSession client) {
        clients.remove(client);
        clientCount = clients.size();
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

    /** For what goes to one server connection out of one chunk. */
    ByteBuffer joinedToServer() {
        return joinedToServer;
    }

    /** For what goes to one client out of one chunk. */
    ByteBuffer joinedToClient() {
        return joinedToClient;
    }

    /** For a new client; null if its statements are left alone. */
    @Nullable
    StatementRewriter newRewriter() {
        return prepared == null ? null : prepared.forClient();
    }

    /** For a new server connection; null if statements are left alone. */
    @Nullable
    ServerStatements newStatements() {
        return prepared == null ? null : prepared.forServer();
    }

    /** Transaction mode: a client has a server connection for a transaction only. */
    boolean sharesServers() {
        return pool.mode() == PoolMode.TRANSACTION;
    }

    boolean isStopping() {
        return stopping;
    }
}
