package io.github.pgconmgr.frontend;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.RelayConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The ports that belong to the relay alone, one per attribute: whoever connects there is its client from the first byte on. Their queue in
 * the kernel is as long as {@code listen_backlog_multiplier} says (P4), or as the kernel allows.
 *
 * <p>Confined to the one call of {@link Frontend#start}.
 */
final class RelayPorts {

    private final ConmgrConfig config;
    private final Log log;
    private final Supplier<ServerBootstrap> listening;
    private final Predicate<Channel> admission;
    private final StockClients clients;

    RelayPorts(
            ConmgrConfig config,
            Log log,
            Supplier<ServerBootstrap> listening,
            Predicate<Channel> admission,
            StockClients clients) {
        this.config = config;
        this.log = log;
        this.listening = listening;
        this.admission = admission;
        this.clients = clients;
    }

    /**
     * Opens those that are not 0. Blocks.
     *
     * @throws ListenException names the address that failed
     */
    void open(ChannelGroup listeners) throws ListenException {
        RelayConfig relay = config.relay();
        int backlog = relay.pool().maxWaiting();
        open(relay.primaryPort(), TargetAttribute.PRIMARY, backlog, listeners);
        open(relay.standbyPort(), TargetAttribute.STANDBY, backlog, listeners);
        open(relay.anyPort(), TargetAttribute.ANY, backlog, listeners);
    }

    private void open(int port, TargetAttribute target, int backlog, ChannelGroup listeners) throws ListenException {
        if (port == 0) {
            return;
        }
        ServerBootstrap server = listening
                .get()
                .option(ChannelOption.SO_BACKLOG, backlog)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        if (admission.test(client) && client instanceof ClientSocket socket) {
                            // It is still being registered, so it cannot be taken out yet.
                            socket.eventLoop().execute(() -> socket.handOver(ByteBuffer.allocate(0), target, clients));
                        }
                    }
                });
        new ListenSockets(server, log).open(config.listenAddresses(), port, listeners);
    }
}
