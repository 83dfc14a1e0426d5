package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.relay.console.RelayPicture.InstancePicture;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPhase;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPicture;
import io.github.pgconmgr.relay.console.RelayPicture.WorkerPicture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * SHOW POOL_POOLS, POOL_PROCESSES, POOL_NODES, POOL_CACHE and POOL_VERSION: the columns of Pgpool-II 4.3 (checked against the manual pages
 * of 4.3.5), all of type text. A worker's number
 * stands for a child's process id. Stateless.
 */
final class PgpoolViews {

    /** Pgpool-II has a line for each slot of each child; with more slots than this only those in use are shown. */
    static final int MAX_SLOTS = 10_000;

    private static final String WAIT = "Wait for connection";

    private PgpoolViews() {}

    static Table pools(RelayPicture picture) {
        Table table = new Table()
                .text(
                        "pool_pid",
                        "start_time",
                        "client_connection_count",
                        "pool_id",
                        "backend_id",
                        "database",
                        "username")
                .text("backend_connection_time", "client_connection_time", "client_disconnection_time")
                .text("client_idle_duration", "majorversion", "minorversion", "pool_counter", "pool_backendpid")
                .text("pool_connected", "status");
        int slots = picture.pool().maxPool();
        boolean showEmpty = (long) slots * picture.workers().size() <= MAX_SLOTS;
        Deque<ServerPicture> ownerless = new ArrayDeque<>(serversOf(picture, -1));
        for (WorkerPicture worker : picture.workers()) {
            List<ServerPicture> servers = new ArrayList<>(serversOf(picture, worker.number()));
            while (servers.size() < slots && !ownerless.isEmpty()) {
                servers.add(ownerless.remove());
            }
            for (int slot = 0; slot < Math.max(slots, servers.size()); slot++) {
                ServerPicture server = slot < servers.size() ? servers.get(slot) : null;
                if (server != null || showEmpty) {
                    table.row(poolRow(picture, worker, slot, server));
                }
            }
        }
        return table;
    }

    /** Used ones first, so that a worker's current one is its slot 0. */
    private static List<ServerPicture> serversOf(RelayPicture picture, int worker) {
        return picture.servers().stream()
                .filter(server -> server.worker() == worker)
                .sorted(Comparator.comparing(ServerPicture::phase).thenComparing(ServerPicture::id))
                .toList();
    }

    private static List<String> poolRow(
            RelayPicture picture, WorkerPicture worker, int slot, @Nullable ServerPicture server) {
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(worker.number()),
                Moment.plain(worker.started()),
                Integer.toString(worker.served()),
                Integer.toString(slot)));
        if (server == null) {
            row.addAll(List.of("0", "", "", "", "", "", "0", "0", "0", "0", "0", "0", WAIT));
        } else {
            row.addAll(List.of(
                    Integer.toString(server.instance()),
                    server.database(),
                    server.user(),
                    Moment.plain(server.connected()),
                    Moment.plain(server.given()),
                    Moment.plain(server.freed()),
                    Long.toString(idleSeconds(picture.now(), server)),
                    "3",
                    "0",
                    Integer.toString(server.uses()),
                    Integer.toString(server.serverPid()),
                    server.clientId() == 0 ? "0" : "1",
                    status(server)));
        }
        return row;
    }

    private static long idleSeconds(Instant now, ServerPicture server) {
        Instant freed = server.freed();
        return server.phase() == ServerPhase.IDLE && freed != null
                ? Duration.between(freed, now).toSeconds()
                : 0;
    }

    /** conmgr does not look whether a client's transaction is executing a command now. */
    private static String status(@Nullable ServerPicture server) {
        if (server == null || server.clientId() == 0) {
            return WAIT;
        }
        return server.transaction() == 'I' ? "Idle" : "Idle in transaction";
    }

    static Table processes(RelayPicture picture) {
        Table table = new Table()
                .text("pool_pid", "start_time", "client_connection_count", "database", "username")
                .text("backend_connection_time", "pool_counter", "status");
        for (WorkerPicture worker : picture.workers()) {
            ServerPicture server = serversOf(picture, worker.number()).stream()
                    .filter(candidate -> candidate.clientId() != 0)
                    .findFirst()
                    .orElse(null);
            table.row(
                    Integer.toString(worker.number()),
                    Moment.plain(worker.started()),
                    Integer.toString(worker.served()),
                    server == null ? "" : server.database(),
                    server == null ? "" : server.user(),
                    server == null ? "" : Moment.plain(server.connected()),
                    server == null ? "" : Integer.toString(server.uses()),
                    status(server));
        }
        return table;
    }

    static Table nodes(RelayPicture picture) {
        Table table = new Table()
                .text(
                        "node_id",
                        "hostname",
                        "port",
                        "status",
                        "pg_status",
                        "lb_weight",
                        "role",
                        "pg_role",
                        "select_cnt")
                .text("load_balance_node", "replication_delay", "replication_state", "replication_sync_state")
                .text("last_status_change");
        String weight = String.format(
                Locale.ROOT, "%.6f", 1.0 / Math.max(1, picture.instances().size()));
        for (InstancePicture instance : picture.instances()) {
            String status = instance.alive() ? "up" : "down";
            String role = instance.primary() ? "primary" : "standby";
            table.row(
                    Integer.toString(instance.number()),
                    instance.host(),
                    Integer.toString(instance.port()),
                    status,
                    status,
                    weight,
                    role,
                    role,
                    "0",
                    "false",
                    "0",
                    "",
                    "",
                    Moment.plain(instance.changed()));
        }
        return table;
    }

    /** Of Pgpool-II's query cache; there is none. */
    static Table cache(RelayPicture picture) {
        return new Table()
                .text("num_cache_hits", "num_selects", "cache_hit_ratio", "num_hash_entries", "used_hash_entries")
                .text("num_cache_entries", "used_cache_entries_size", "free_cache_entries_size")
                .text("fragment_cache_entries_size");
    }

    static Table version(RelayPicture picture) {
        return new Table().text("pool_version").row(picture.version() + " (conmgr)");
    }
}
