package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.ConnectException;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one link's commands with Netty: resolves the name, connects, sends, closes. The link's socket and the probe of
 * {@code backend_port} go to the same address.
 *
 * <p>Confined to the heartbeat loop, whose {@link HeartbeatLoop} makes and ends it.
 */
final class InstanceConnector implements LinkCommands {

    /**
     * Limit of a probe. Shorter than the kernel's first retransmission of a SYN, so that a {@link ConnectException} within it
     * can only be a refusal, whatever language the system writes its error texts in.
     */
    private static final int PROBE_LIMIT_MILLIS = 900;

    private final InstanceConfig config;
    private final Bootstrap bootstrap;
    private final LoopTurn turn;
    private final AddressResolver resolver;
    private final Log log;
    private final @Nullable SharedSecret secret;
    private final InstanceLink link;
    private final AddressChoice addresses = new AddressChoice();

    private boolean resolving;
    private long waitingAttempt;
    private @Nullable Channel channel;
    private @Nullable LinkGuard guard;

    /**
     * What the connectors of one loop have in common. Confined to that loop.
     *
     * @param secret the shared secret; null without one
     */
    record Common(
            Bootstrap bootstrap,
            LoopTurn turn,
            AddressResolver resolver,
            Log log,
            @Nullable SharedSecret secret) {}

    InstanceConnector(InstanceConfig config, Common common, Function<LinkCommands, InstanceLink> links) {
        this.config = config;
        this.bootstrap = common.bootstrap();
        this.turn = common.turn();
        this.resolver = common.resolver();
        this.log = common.log();
        this.secret = common.secret();
        this.link = links.apply(this);
    }

    InstanceLink link() {
        return link;
    }

    int number() {
        return config.number();
    }

    /** The current connection, for the one who waits for its end; null if there is none. */
    @Nullable
    Channel channel() {
        return channel;
    }

    @Override
    public void connect(long attempt) {
        waitingAttempt = attempt;
        InetAddress known = addresses.last();
        if (link.liveness() == Liveness.SUSPECT && known != null) {
            // Its sessions, and the port that is tried, belong to the address it was ALIVE on; no name server has a say
            // in that.
            onAddresses(List.of(known));
        } else if (!config.hostaddr().isEmpty()) {
            onAddresses(AddressResolver.numeric(config.hostaddr()));
        } else if (!resolving) {
            // A look-up that outlives its attempt serves the next one: a name server that hangs must not collect tasks.
            resolving = true;
            resolver.resolve(config.host(), bootstrap.config().group(), found -> {
                resolving = false;
                onAddresses(found);
            });
        }
    }

    private void onAddresses(List<InetAddress> found) {
        long attempt = waitingAttempt;
        if (attempt == 0) {
            return;
        }
        waitingAttempt = 0;
        if (found.isEmpty()) {
            String name = config.displayHost();
            link.onConnectFailed(turn.begin(), attempt, "could not resolve host name \"" + name + "\"");
        } else {
            dial(attempt, addresses.choose(found, link.failedAttempts() > 0));
        }
    }

    private void dial(long attempt, InetAddress address) {
        LinkGuard current = new LinkGuard(secret);
        guard = current;
        LinkChannelHandler handler =
                new LinkChannelHandler(attempt, link, current, turn::begin, log, "instance " + config.number());
        ChannelFuture connected = bootstrap
                .clone()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        handler.addTo(opened.pipeline());
                    }
                })
                .connect(address, config.watchdogPort());
        channel = connected.channel();
        connected.addListener(done -> onLoop(() -> {
            Throwable cause = done.cause();
            if (cause == null) {
                link.onConnected(turn.begin(), attempt, NetUtil.toAddressString(address));
            } else {
                link.onConnectFailed(turn.begin(), attempt, LinkChannelHandler.reason(cause));
            }
        }));
    }

    /** Netty tells of a channel that could not even be made (no file descriptor left) on a thread of its own. */
    private void onLoop(Runnable event) {
        EventLoop loop = bootstrap.config().group().next();
        if (loop.inEventLoop()) {
            event.run();
        } else {
            loop.execute(event);
        }
    }

    @Override
    public void send(HeartbeatFrame frame) {
        if (channel != null) {
            if (guard != null && frame instanceof Hello hello) {
                guard.onHello(hello);
            }
            LinkWriter.send(channel, frame);
        }
    }

    @Override
    public void sendLast(HeartbeatFrame frame) {
        if (channel != null) {
            LinkWriter.sendLast(channel, frame);
        }
    }

    @Override
    public void close() {
        waitingAttempt = 0;
        if (channel != null) {
            close(channel);
            channel = null;
        }
    }

    @Override
    public void probeBackendPort(long probe) {
        InetAddress address = addresses.last();
        if (address == null) {
            link.onBackendPort(turn.begin(), probe, BackendPort.NO_ANSWER);
            return;
        }
        bootstrap
                .clone()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, PROBE_LIMIT_MILLIS)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address, config.backendPort())
                .addListener((ChannelFuture done) -> onLoop(() -> {
                    link.onBackendPort(turn.begin(), probe, found(done.cause()));
                    close(done.channel());
                }));
    }

    /** A channel that could not even be made belongs to no loop and cannot be closed. */
    private static void close(Channel channel) {
        if (channel.isOpen()) {
            var unused = channel.close();
        }
    }

    private static BackendPort found(@Nullable Throwable cause) {
        if (cause == null) {
            return BackendPort.ACCEPTED;
        }
        boolean refused = cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
        return refused ? BackendPort.REFUSED : BackendPort.NO_ANSWER;
    }
}
