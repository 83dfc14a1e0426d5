package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.config.Setting;
import io.github.pgconmgr.relay.console.RelayPicture.ClientPhase;
import io.github.pgconmgr.relay.console.RelayPicture.ClientPicture;
import io.github.pgconmgr.relay.console.RelayPicture.InstancePicture;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPhase;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPicture;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** SHOW POOLS, DATABASES, USERS, LISTS, CONFIG, STATE and VERSION: PgBouncer's columns. Stateless. */
final class PoolViews {

    private static final int MICROS = 1_000_000;

    /** A row of SHOW POOLS. Immutable. */
    private record Pool(String database, String user) implements Comparable<Pool> {

        private static final Comparator<Pool> ORDER =
                Comparator.comparing(Pool::database).thenComparing(Pool::user);

        @Override
        public int compareTo(Pool other) {
            return ORDER.compare(this, other);
        }
    }

    private PoolViews() {}

    private static Set<Pool> poolsOf(RelayPicture picture) {
        Set<Pool> pools = new TreeSet<>();
        loggedIn(picture).forEach(client -> pools.add(new Pool(client.database(), client.user())));
        picture.servers().forEach(server -> pools.add(new Pool(server.database(), server.user())));
        return pools;
    }

    /** What others only claim is no pool. */
    private static Stream<ClientPicture> loggedIn(RelayPicture picture) {
        return picture.clients().stream().filter(client -> client.phase() != ClientPhase.LOGIN);
    }

    static Table pools(RelayPicture picture) {
        Table table = new Table()
                .text("database", "user")
                .int4("cl_active", "cl_waiting", "cl_active_cancel_req", "cl_waiting_cancel_req")
                .int4(
                        "sv_active",
                        "sv_active_cancel",
                        "sv_being_canceled",
                        "sv_idle",
                        "sv_used",
                        "sv_tested",
                        "sv_login")
                .int4("maxwait", "maxwait_us")
                .text("pool_mode", "load_balance_hosts");
        for (Pool pool : poolsOf(picture)) {
            long waited = clientsOf(picture, pool)
                    .filter(client -> client.phase() == ClientPhase.WAITING)
                    .mapToLong(ClientPicture::waitMicros)
                    .max()
                    .orElse(0);
            table.row(
                    pool.database,
                    pool.user,
                    clients(picture, pool, ClientPhase.ACTIVE) + clients(picture, pool, ClientPhase.IDLE),
                    clients(picture, pool, ClientPhase.WAITING),
                    0,
                    0,
                    servers(picture, pool, ServerPhase.ACTIVE),
                    0,
                    0,
                    servers(picture, pool, ServerPhase.IDLE),
                    0,
                    servers(picture, pool, ServerPhase.TESTED),
                    servers(picture, pool, ServerPhase.LOGIN),
                    waited / MICROS,
                    waited % MICROS,
                    picture.pool().mode().toString(),
                    null);
        }
        return table;
    }

    private static Stream<ClientPicture> clientsOf(RelayPicture picture, Pool pool) {
        return loggedIn(picture)
                .filter(client ->
                        client.database().equals(pool.database) && client.user().equals(pool.user));
    }

    private static long clients(RelayPicture picture, Pool pool, ClientPhase phase) {
        return clientsOf(picture, pool)
                .filter(client -> client.phase() == phase)
                .count();
    }

    private static long servers(RelayPicture picture, Pool pool, ServerPhase phase) {
        return picture.servers().stream()
                .filter(server -> server.database().equals(pool.database)
                        && server.user().equals(pool.user)
                        && server.phase() == phase)
                .count();
    }

    /** One row for each database and instance between which there are server connections. */
    static Table databases(RelayPicture picture) {
        Table table = new Table()
                .text("name", "host")
                .int4("port")
                .text("database", "force_user")
                .int4("pool_size", "min_pool_size", "reserve_pool_size", "server_lifetime")
                .text("pool_mode", "load_balance_hosts")
                .int4("max_connections", "current_connections", "max_client_connections", "current_client_connections")
                .int4("paused", "disabled");
        int most = picture.pool().workers() * picture.pool().maxPool();
        for (InstancePicture instance : picture.instances()) {
            var byDatabase = picture.servers().stream()
                    .filter(server -> server.instance() == instance.number())
                    .collect(Collectors.groupingBy(ServerPicture::database));
            for (String database : new TreeSet<>(byDatabase.keySet())) {
                var servers = byDatabase.getOrDefault(database, java.util.List.of());
                table.row(
                        database,
                        instance.host(),
                        instance.port(),
                        database,
                        null,
                        most,
                        0,
                        0,
                        picture.pool().times().connectionLifeNanos() / 1_000_000_000,
                        picture.pool().mode().toString(),
                        null,
                        most,
                        servers.size(),
                        0,
                        servers.stream()
                                .filter(server -> server.clientId() != 0)
                                .count(),
                        0,
                        0);
            }
        }
        return table;
    }

    static Table users(RelayPicture picture) {
        Table table = new Table()
                .text("name", "pool_size", "reserve_pool_size", "pool_mode")
                .int4("max_user_connections", "current_connections")
                .int4("max_user_client_connections", "current_client_connections");
        for (String user : names(picture)) {
            table.row(
                    user,
                    "",
                    "",
                    null,
                    0,
                    picture.servers().stream()
                            .filter(server -> server.user().equals(user))
                            .count(),
                    0,
                    loggedIn(picture)
                            .filter(client -> client.user().equals(user))
                            .count());
        }
        return table;
    }

    private static Set<String> names(RelayPicture picture) {
        return poolsOf(picture).stream().map(Pool::user).collect(Collectors.toCollection(TreeSet::new));
    }

    static Table lists(RelayPicture picture) {
        Set<Pool> pools = poolsOf(picture);
        return new Table()
                .text("list")
                .int4("items")
                .row("databases", pools.stream().map(Pool::database).distinct().count())
                .row("users", names(picture).size())
                .row("peers", 0)
                .row("pools", pools.size())
                .row("peer_pools", 0)
                .row("free_clients", 0)
                .row("used_clients", picture.clients().size())
                .row(
                        "login_clients",
                        picture.clients().size() - loggedIn(picture).count())
                .row("free_servers", 0)
                .row("used_servers", picture.servers().size())
                .row("dns_names", 0)
                .row("dns_zones", 0)
                .row("dns_queries", 0)
                .row("dns_pending", 0);
    }

    static Table config(RelayPicture picture) {
        Table table = new Table().text("key", "value", "default", "changeable");
        for (Setting setting : picture.settings()) {
            table.row(setting.name(), setting.value(), setting.defaultValue(), setting.reloadable() ? "yes" : "no");
        }
        return table;
    }

    static Table state(RelayPicture picture) {
        return new Table()
                .text("key", "value")
                .row("active", "yes")
                .row("paused", "no")
                .row("suspended", "no");
    }

    static Table version(RelayPicture picture) {
        return new Table().text("version").row("conmgr " + picture.version());
    }
}
