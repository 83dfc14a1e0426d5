package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.console.RelayPicture;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.pool.Worker;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes one picture of the core. Confined to the relay's loop and one call. */
final class PictureTaker {

    private static final RelayPicture.Ends NOWHERE = new RelayPicture.Ends("", 0);

    private final RelayCore core;
    private final Surroundings.About about;
    private final long nowNanos;
    private final Instant now;
    private final Map<ServerSession, ClientSession> users = new HashMap<>();

    PictureTaker(RelayCore core, Surroundings.About about, long nowNanos) {
        this.core = core;
        this.about = about;
        this.nowNanos = nowNanos;
        this.now = about.clock().now();
    }

    RelayPicture take(List<ClientSession> clients, List<ServerSession> servers) {
        for (ClientSession client : clients) {
            ServerSession server = client.server();
            if (server != null) {
                users.put(server, client);
            }
        }
        return new RelayPicture(
                about.version(),
                now,
                core.pool(),
                about.settings().get(),
                core.topology().instances().stream().map(this::instance).toList(),
                clients.stream().map(this::client).toList(),
                servers.stream().map(this::server).toList(),
                core.workers().all().stream().map(this::worker).toList(),
                core.statistics().rows(nowNanos));
    }

    private Instant at(long nanos) {
        return now.minusNanos(nowNanos - nanos);
    }

    private RelayPicture.InstancePicture instance(InstanceView view) {
        return new RelayPicture.InstancePicture(
                view.number(),
                view.config().displayHost(),
                view.config().backendPort(),
                view.attribute(),
                view.takesConnections(),
                view.attribute().equals("primary"),
                view.liveness() == Liveness.UNKNOWN ? null : at(view.sinceNanos()));
    }

    private RelayPicture.ClientPicture client(ClientSession client) {
        StartupPacket startup = client.startup();
        Traffic traffic = client.stage() instanceof Traffic its ? its : null;
        ServerSession server = client.server();
        boolean waits = client.state() == ClientState.WAITING && traffic != null;
        return new RelayPicture.ClientPicture(
                client.id(),
                startup == null ? "" : startup.user(),
                startup == null ? "" : startup.database(),
                phase(client.state()),
                startup != null && startup.isReplication(),
                ends(client.connection()),
                at(client.sinceNanos()),
                traffic == null ? null : at(traffic.measures().spokeNanos()),
                waits && traffic != null ? (nowNanos - traffic.measures().waitNanos()) / 1000 : 0,
                server == null ? 0 : server.id(),
                "",
                applicationName(startup),
                traffic == null ? 0 : traffic.preparedStatements());
    }

    private static RelayPicture.ClientPhase phase(ClientState state) {
        return switch (state) {
            case STARTING, AUTHENTICATING, CLOSING -> RelayPicture.ClientPhase.LOGIN;
            case WAITING -> RelayPicture.ClientPhase.WAITING;
            case ATTACHED, CONSOLE -> RelayPicture.ClientPhase.ACTIVE;
            case IDLE -> RelayPicture.ClientPhase.IDLE;
        };
    }

    private RelayPicture.ServerPicture server(ServerSession server) {
        ClientSession client = users.get(server);
        StartupPacket startup = server.startup();
        CancelRequest key = server.cancelKey();
        return new RelayPicture.ServerPicture(
                server.id(),
                server.instance().number(),
                workerOf(server),
                startup.user(),
                startup.database(),
                phase(server.state()),
                server.user() instanceof Traffic traffic && traffic.transactionStatus() != Exchange.IDLE ? 'T' : 'I',
                startup.isReplication(),
                ends(server.connectionIfAny()),
                at(server.openedNanos()),
                server.uses() == 0 ? null : at(server.givenNanos()),
                server.uses() == 0 || client != null ? null : at(server.freedNanos()),
                server.uses(),
                client == null ? 0 : client.id(),
                key == null ? 0 : key.pid(),
                applicationName(startup),
                server.preparedStatements());
    }

    private static RelayPicture.ServerPhase phase(ServerState state) {
        return switch (state) {
            case DIALLING, LOGGING_IN -> RelayPicture.ServerPhase.LOGIN;
            case ATTACHED -> RelayPicture.ServerPhase.ACTIVE;
            case RESETTING -> RelayPicture.ServerPhase.TESTED;
            case CACHED, ENDED -> RelayPicture.ServerPhase.IDLE;
        };
    }

    private int workerOf(ServerSession server) {
        return core.sharesServers() ? -1 : server.worker();
    }

    private RelayPicture.WorkerPicture worker(Worker worker) {
        return new RelayPicture.WorkerPicture(
                worker.number(),
                at(worker.startedNanos()),
                worker.served(),
                worker.isBusy() ? null : at(worker.sinceNanos()));
    }

    private static String applicationName(@Nullable StartupPacket startup) {
        return startup == null ? "" : startup.parameters().getOrDefault("application_name", "");
    }

    private static RelayPicture.Ends ends(@Nullable Connection connection) {
        if (connection == null) {
            return NOWHERE;
        }
        InetSocketAddress peer = connection.peer();
        return new RelayPicture.Ends(AddressText.host(peer), peer.getPort());
    }
}
