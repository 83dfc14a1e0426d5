package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.console.RelayPicture;
import io.github.pgconmgr.relay.console.RelayPicture.ClientPhase;
import io.github.pgconmgr.relay.console.RelayPicture.ClientPicture;
import io.github.pgconmgr.relay.console.RelayPicture.Ends;
import io.github.pgconmgr.relay.console.RelayPicture.InstancePicture;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPhase;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPicture;
import io.github.pgconmgr.relay.console.RelayPicture.WorkerPicture;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.pool.Worker;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes a picture of the core: who is there, and what it is doing. Confined to the relay's loop; one for each picture. */
final class CorePicture {

    private static final String APPLICATION_NAME = "application_name";
    private static final long NANOS_PER_MICRO = 1_000;

    private final RelayCore core;
    private final Instant now;
    private final long nowNanos;

    CorePicture(RelayCore core, long nowNanos) {
        this.core = core;
        this.now = core.console().wallClock().now();
        this.nowNanos = nowNanos;
    }

    RelayPicture take(Set<ClientSession> clients, Set<ServerSession> servers) {
        return new RelayPicture(
                core.console().version(),
                now,
                core.pool(),
                core.console().settings(),
                core.instances().views().stream().map(CorePicture::instance).toList(),
                clients.stream()
                        .map(this::client)
                        .sorted(Comparator.comparingLong(ClientPicture::id))
                        .toList(),
                servers.stream()
                        .map(this::server)
                        .sorted(Comparator.comparingLong(ServerPicture::id))
                        .toList(),
                core.workers().all().stream().map(this::worker).toList(),
                core.statistics().rows(nowNanos));
    }

    private Instant at(long nanos) {
        return now.minusNanos(nowNanos - nanos);
    }

    private static InstancePicture instance(InstanceView view) {
        InstanceFacts facts = view.facts();
        return new InstancePicture(
                view.number(),
                view.config().displayHost(),
                view.config().backendPort(),
                view.attribute(),
                view.takesConnections(),
                facts != null && !facts.state().inRecovery());
    }

    private ClientPicture client(ClientSession client) {
        StartupPacket startup = client.startup();
        ServerSession server = client.server();
        ClientPhase phase = phase(client.state());
        return new ClientPicture(
                client.id(),
                startup == null ? "(nouser)" : startup.user(),
                startup == null ? "(nodb)" : startup.database(),
                phase,
                startup != null && startup.isReplication(),
                ends(client.connection()),
                startup == null ? null : at(client.startedNanos()),
                startup == null ? null : at(client.spokeNanos()),
                phase == ClientPhase.WAITING ? (nowNanos - client.waitingNanos()) / NANOS_PER_MICRO : 0,
                server == null ? 0 : server.id(),
                "",
                startup == null ? "" : startup.parameters().getOrDefault(APPLICATION_NAME, ""),
                0);
    }

    private static ClientPhase phase(ClientState state) {
        return switch (state) {
            case STARTING, AUTHENTICATING -> ClientPhase.LOGIN;
            case WAITING -> ClientPhase.WAITING;
            case ATTACHED, CONSOLE -> ClientPhase.ACTIVE;
            case IDLE, CLOSING -> ClientPhase.IDLE;
        };
    }

    private ServerPicture server(ServerSession server) {
        StartupPacket startup = server.startup();
        CancelRequest key = server.cancelKey();
        return new ServerPicture(
                server.id(),
                server.instance().number(),
                server.worker(),
                startup.user(),
                startup.database(),
                phase(server.state()),
                server.isInTransaction() ? 'T' : 'I',
                startup.isReplication(),
                ends(server.connectionOrNull()),
                at(server.openedNanos()),
                server.uses() == 0 ? null : at(server.givenNanos()),
                server.wasFreed() ? at(server.freedNanos()) : null,
                server.uses(),
                server.clientId(),
                key == null ? 0 : key.pid(),
                startup.parameters().getOrDefault(APPLICATION_NAME, ""),
                0);
    }

    private static ServerPhase phase(ServerState state) {
        return switch (state) {
            case DIALLING, LOGGING_IN -> ServerPhase.LOGIN;
            case ATTACHED -> ServerPhase.ACTIVE;
            case RESETTING -> ServerPhase.TESTED;
            case CACHED, ENDED -> ServerPhase.IDLE;
        };
    }

    private static Ends ends(@Nullable Connection connection) {
        if (connection == null) {
            return new Ends("", 0);
        }
        InetSocketAddress peer = connection.peer();
        return new Ends(peer.getAddress().getHostAddress(), peer.getPort());
    }

    private WorkerPicture worker(Worker worker) {
        return new WorkerPicture(
                worker.number(),
                at(worker.startedNanos()),
                worker.served(),
                worker.isBusy() ? null : at(worker.sinceNanos()));
    }
}
