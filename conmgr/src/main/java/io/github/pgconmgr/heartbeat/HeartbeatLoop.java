package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.InstanceEvents;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Every heartbeat link, and every check by SQL, on one thread of their own ({@code heartbeat}), so that no storm of clients delays a beat (ADR 4).
 *
 * <p>Shared: {@link #reload} may be called by any thread; {@link #start} and {@link #stop} are called by the daemon's main thread, once each; all else is confined to the
 * loop. A peer that is gone is the links' business; nothing of it comes out here but through the topology.
 */
public final class HeartbeatLoop {

    /** Lateness that is ordinary scheduling: a tenth of the interval, but no more than this. */
    private static final long MAX_JITTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int READ_BYTES = 2048;
    private static final long STOP_LIMIT_MILLIS = 1500;

    private final ConmgrConfig config;
    private final Topology topology;
    private final Log log;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final LoopTurn turn;
    private final AddressResolver resolver;
    private final List<InstanceConnector> connectors = new ArrayList<>();
    private final List<LoopMember> members = new ArrayList<>();
    private final Map<Integer, InstanceEvents> reports = new HashMap<>();

    /** Makes the thread's group; nothing runs before {@link #start}. */
    public HeartbeatLoop(ConmgrConfig config, Topology topology, Log log, NanoClock clock) {
        this(config, topology, log, clock, InetAddress::getAllByName);
    }

    /** With another name resolution. */
    HeartbeatLoop(ConmgrConfig config, Topology topology, Log log, NanoClock clock, AddressResolver.Lookup lookup) {
        this.resolver = new AddressResolver(lookup);
        this.config = config;
        this.topology = topology;
        this.log = log;
        ThreadFactory thread = task -> new FastThreadLocalThread(task, "heartbeat");
        this.group = new MultiThreadIoEventLoopGroup(1, thread, NioIoHandler.newFactory());
        this.loop = group.next();
        this.turn = new LoopTurn(loop, clock, jitterNanos(config.heartbeat().settings()), new Links());
    }

    /** Takes another core into the loop's turns. Main thread, before {@link #start}. */
    public void join(LoopMember member) {
        members.add(member);
    }

    /** The watchdog's word on that instance goes there, not to the topology. Main thread, before {@link #start}. */
    public void reportTo(int instanceNumber, InstanceEvents events) {
        reports.put(instanceNumber, events);
    }

    /** Runs an event on the loop with the time of its turn; nothing happens if the loop has ended. Any thread. */
    public void post(LongConsumer event) {
        execute(() -> {
            try {
                event.accept(turn.begin());
            } catch (RuntimeException e) {
                log.write(Message.HEARTBEAT_INTERNAL_ERROR, "conmgr", e.toString());
            }
        });
    }

    /** Starts the first attempt to each instance; does not wait for any. */
    public void start() {
        Function<HeartbeatSettings, Hello> hellos = hellos(config.watchdogSecret() != null);
        loop.execute(() -> {
            config.instances().stream()
                    .filter(instance -> instance.check().mode().usesWatchdog())
                    .forEach(instance -> connectors.add(connector(instance, hellos)));
            long nowNanos = turn.begin();
            forEachLink(link -> link.onStart(nowNanos));
            forEachMember(member -> member.onStart(nowNanos));
        });
    }

    /**
     * Another configuration of the heartbeat holds from now on, without an end to any link (ADR 7). Any thread; does not wait.
     * The settings must not be always abnormal, unless they are the ones that hold.
     */
    public void reload(HeartbeatConfig changed) {
        loop.execute(() -> {
            long nowNanos = turn.begin();
            turn.setStallThreshold(jitterNanos(changed.settings()));
            forEachLink(link -> link.onReload(nowNanos, changed));
            forEachMember(member -> member.onReload(nowNanos, changed));
        });
    }

    /** Drivers wait for LSNs: for a while each new one is to be told at once (ADR 11). Any thread; does not wait. */
    public void followLsn() {
        execute(() -> {
            long nowNanos = turn.begin();
            forEachLink(link -> link.onLsnWanted(nowNanos));
        });
    }

    /** Runs a task on the loop, where the topology may be changed; nothing happens if the loop has ended. Any thread. */
    public void execute(Runnable task) {
        schedule(task, 0);
    }

    /** The same, so many milliseconds later. Any thread. */
    public void schedule(Runnable task, long delayMillis) {
        if (!group.isShuttingDown()) {
            var unused = loop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    private static long jitterNanos(HeartbeatSettings settings) {
        return Math.min(MAX_JITTER_NANOS, settings.intervalNanos() / 10);
    }

    /**
     * Says GOODBYE on every link, waits until it is out (1.5 s at most) and ends the thread. Blocks; not to be called on the
     * loop. A second call does nothing.
     */
    public void stop(Goodbye.Reason reason) {
        if (group.isShuttingDown()) {
            return;
        }
        resolver.close();
        Future<List<Channel>> goodbyes = loop.submit(() -> stopLinks(reason));
        if (goodbyes.awaitUninterruptibly(STOP_LIMIT_MILLIS) && goodbyes.isSuccess()) {
            goodbyes.getNow().forEach(channel -> channel.closeFuture().awaitUninterruptibly(STOP_LIMIT_MILLIS));
        }
        group.shutdownGracefully(0, STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * STOP_LIMIT_MILLIS);
    }

    private static Function<HeartbeatSettings, Hello> hellos(boolean wantProof) {
        SecureRandom random = new SecureRandom();
        Id128 conmgrId = Id128.random(random);
        HostIdentity host = LocalHost.LINUX.identity();
        String version = HeartbeatLoop.class.getPackage().getImplementationVersion();
        return settings -> {
            Hello hello = Hello.of(settings, conmgrId, Id128.random(random), host, version == null ? "" : version);
            return wantProof ? hello.wantingProof() : hello;
        };
    }

    private InstanceConnector connector(InstanceConfig instance, Function<HeartbeatSettings, Hello> hellos) {
        HeartbeatConfig heartbeat = config.heartbeat();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                // The core limits the whole attempt itself.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
        return new InstanceConnector(
                instance,
                new InstanceConnector.Common(bootstrap, turn, resolver, log, config.watchdogSecret()),
                commands -> new InstanceLink(
                        instance.number(), heartbeat, hellos, commands, eventsOf(instance.number()), log));
    }

    private InstanceEvents eventsOf(int number) {
        InstanceEvents own = reports.get(number);
        return own == null ? topology.eventsOf(number) : own;
    }

    /** Runs on the loop; gives the connections whose last frame is on its way. They close themselves within 1 s. */
    private List<Channel> stopLinks(Goodbye.Reason reason) {
        long nowNanos = turn.begin();
        turn.stop();
        forEachLink(link -> link.onStop(nowNanos, reason));
        forEachMember(member -> member.onStop(nowNanos));
        return connectors.stream()
                .map(InstanceConnector::channel)
                .filter(Objects::nonNull)
                .toList();
    }

    /** A mistake of ours in one link must not silence the others. */
    private void forEachLink(Consumer<InstanceLink> action) {
        connectors.forEach(connector -> guard(connector.number(), () -> action.accept(connector.link())));
    }

    private void forEachMember(Consumer<LoopMember> action) {
        members.forEach(member -> guard(member.number(), () -> action.accept(member)));
    }

    private void guard(int number, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.write(Message.HEARTBEAT_INTERNAL_ERROR, "instance " + number, e.toString());
        }
    }

    /** The turn's events, for all links. Confined to the loop. */
    private final class Links implements LoopTurn.Listener {

        @Override
        public void onStall(long nowNanos, long stallNanos) {
            log.write(Message.HEARTBEAT_LOOP_STALLED, "conmgr", TimeUnit.NANOSECONDS.toMillis(stallNanos));
            forEachLink(link -> link.onStall(nowNanos, stallNanos));
            forEachMember(member -> member.onStall(nowNanos, stallNanos));
        }

        @Override
        public void onTick(long nowNanos) {
            forEachLink(link -> link.onTick(nowNanos));
            forEachMember(member -> member.onTick(nowNanos));
        }

        @Override
        public long nextDeadlineNanos() {
            return LongStream.concat(
                            connectors.stream()
                                    .mapToLong(connector -> connector.link().nextDeadlineNanos()),
                            members.stream().mapToLong(LoopMember::nextDeadlineNanos))
                    .reduce((a, b) -> a - b < 0 ? a : b)
                    // Each instance has one or the other.
                    .orElseThrow();
        }
    }
}
