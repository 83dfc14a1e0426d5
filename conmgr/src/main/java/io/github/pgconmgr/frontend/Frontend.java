package io.github.pgconmgr.frontend;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.topology.Topology;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * conmgr's listening port and all client connections, on one thread ({@code frontend}).
 *
 * <p>Shared: start and stop are called by the daemon's main thread, {@link #status} by any; all else is confined to the loop.
 * Connections of clients that are gone close themselves; those of a stopping conmgr are closed by {@link #stop}.
 */
public final class Frontend {

    /** One read takes no more than this, so that a client's first bytes cost little whatever it sends. */
    private static final int READ_BYTES = 4096;

    private static final long STOP_LIMIT_MILLIS = 1000;

    private final ConmgrConfig config;
    private final Topology topology;
    private final StockClients stockClients;
    private final Log log;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final ChannelGroup listeners;
    private final ChannelGroup clients;
    private final SessionRegistry sessions;
    private final StageOne stageOne;
    private final Admissions admissions;
    private final SocketKind sockets;

    /**
     * Makes the thread's group; nothing listens before {@link #start}.
     *
     * @param onLsnWanted called on the loop, not often, while drivers ask for instances that have replayed an LSN; must not block
     */
    public Frontend(
            ConmgrConfig config,
            Topology topology,
            StockClients stockClients,
            Log log,
            NanoClock clock,
            Runnable onLsnWanted) {
        this.config = config;
        this.topology = topology;
        this.stockClients = stockClients;
        this.sockets = stockClients.sockets();
        this.log = log;
        ThreadFactory thread = task -> new FastThreadLocalThread(task, "frontend");
        this.group = new MultiThreadIoEventLoopGroup(1, thread, sockets.handlers());
        this.loop = group.next();
        this.listeners = new DefaultChannelGroup("listeners", loop);
        this.clients = new DefaultChannelGroup("clients", loop);
        this.sessions = new SessionRegistry(log);
        this.admissions = new Admissions(log);
        this.stageOne = new StageOne(topology, sessions, clock, new LsnInterest(onLsnWanted));
        stageOne.configure(config.routing());
    }

    /**
     * Listens on every address of {@code listen_addresses}, and begins to hear of lost sessions. Blocks until that is done.
     *
     * @throws ListenException if an address cannot be listened on; nothing listens then, and {@link #stop} is still to be called
     */
    public void start() throws ListenException {
        topology.addListener(this::post);
        topology.addChangeListener(this::onTopologyChanged);
        ServerBootstrap server = new ServerBootstrap()
                .group(loop)
                .channelFactory(sockets::newListener)
                .handler(new AcceptPause(admissions))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        begin(client);
                    }
                });
        try {
            new ListenSockets(log).open(config.listenAddresses(), config.port(), address -> bind(server, address));
        } catch (ListenException e) {
            listeners.close().awaitUninterruptibly();
            throw e;
        }
    }

    private InetSocketAddress bind(ServerBootstrap server, InetSocketAddress address) throws IOException {
        ChannelFuture bound = server.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        listeners.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** A client has connected. */
    private void begin(Channel client) {
        if (!admissions.enter((InetSocketAddress) client.remoteAddress())) {
            var unused = client.close();
            return;
        }
        client.closeFuture().addListener(closed -> admissions.leave());
        clients.add(client);
        client.pipeline()
                .addLast(new FirstBytesHandler(
                        stageOne,
                        sessions,
                        log,
                        (channel, received) -> sockets.handOver(channel, received, stockClients)));
    }

    /** Counts those that come by other ports as well. */
    public Admission admission() {
        return admissions;
    }

    /** Who comes from now on is refused over it; who is there stays. Any thread. */
    public void setLimit(ConnectionLimit next) {
        admissions.setLimit(next);
    }

    /** Whether descriptors are left for one more connection to an instance. Any thread. */
    public boolean hasRoom() {
        return admissions.hasRoom();
    }

    /** As {@link Admissions#countServers}. Before {@link #start}. */
    public void countServers(IntSupplier servers, IntSupplier promised) {
        admissions.countServers(servers, promised);
    }

    /** Holds for who asks from now on. Any thread. */
    public void configure(RoutingConfig routing) {
        execute(() -> stageOne.configure(routing));
    }

    /** Called on the heartbeat loop, behind each new snapshot. */
    private void onTopologyChanged() {
        if (stageOne.room().isOccupied()) {
            execute(stageOne::onTopologyChanged);
        }
    }

    private void execute(Runnable task) {
        if (!group.isShuttingDown()) {
            loop.execute(task);
        }
    }

    /** Called on the heartbeat loop. */
    private void post(SessionsLost lost) {
        try {
            loop.execute(() -> sessions.onSessionsLost(lost));
        } catch (RejectedExecutionException e) {
            // The front end stopped before the heartbeat: its sessions have had their notice.
            log.write(Message.SESSIONS_TOLD, "conmgr", 0, lost.reason());
        }
    }

    /** The port that drivers connect to; differs from conmgr.conf's only if that says 0. Any thread. */
    public int port() {
        for (Channel listener : listeners) {
            if (listener.localAddress() instanceof InetSocketAddress address) {
                return address.getPort();
            }
        }
        return config.port();
    }

    /** Asks the loop for counts and sessions; fails with RejectedExecutionException after {@link #stop}. Any thread. */
    public CompletableFuture<FrontendStatus> status() {
        return CompletableFuture.supplyAsync(
                () -> new FrontendStatus(admissions.count(), stageOne.room().size(), sessions.list()), loop);
    }

    /** No new clients (smart stop); those that are there stay. Blocks until the port is free. */
    public void stopListening() {
        listeners.close().awaitUninterruptibly(STOP_LIMIT_MILLIS);
        // The JDK gives a closed socket back to the kernel in the next I/O phase only; this task runs behind that.
        loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_LIMIT_MILLIS);
    }

    /** Runs the action, on any thread, as soon as no client is left (smart stop, when nobody listens any more). */
    public void whenAllLeft(Runnable action) {
        admissions.whenEmpty(action);
    }

    /**
     * Fast stop: no new clients, notice to every session, everything closed, thread ended. Blocks, for seconds at most. A second
     * call does nothing.
     */
    public void stop() {
        if (group.isShuttingDown()) {
            return;
        }
        stopListening();
        loop.submit(() -> sessions.tellAll("conmgr is stopping")).awaitUninterruptibly(STOP_LIMIT_MILLIS);
        // The notices were written in that task; closing comes behind them.
        clients.close().awaitUninterruptibly(STOP_LIMIT_MILLIS);
        group.shutdownGracefully(0, STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * STOP_LIMIT_MILLIS);
    }
}
