package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.config.Setting;
import io.github.pgconmgr.relay.statistics.DatabaseFigures;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The relay at one moment, as the console and {@code cm_ctl status} show it. Immutable; made on the relay's loop.
 *
 * @param version conmgr's
 * @param now when it was taken
 * @param settings conmgr.conf, in the table's order
 * @param instances all of them, by number
 * @param workers all of them, by number
 */
public record RelayPicture(
        String version,
        Instant now,
        PoolConfig pool,
        List<Setting> settings,
        List<InstancePicture> instances,
        List<ClientPicture> clients,
        List<ServerPicture> servers,
        List<WorkerPicture> workers,
        List<DatabaseFigures> statistics) {

    /** Copies the lists. */
    public RelayPicture {
        settings = List.copyOf(settings);
        instances = List.copyOf(instances);
        clients = List.copyOf(clients);
        servers = List.copyOf(servers);
        workers = List.copyOf(workers);
        statistics = List.copyOf(statistics);
    }

    /** The other side of a TCP connection. Immutable. */
    public record Ends(String address, int port) {}

    /**
     * An instance of conmgr.conf. Immutable.
     *
     * @param attribute as in {@code cm_ctl status}
     * @param alive whether it gets connections
     * @param changed since when conmgr judges it as it does; null before it has
     */
    public record InstancePicture(
            int number,
            String host,
            int port,
            String attribute,
            boolean alive,
            boolean primary,
            @Nullable Instant changed) {}

    /** What a client is doing. */
    public enum ClientPhase {
        LOGIN("login"),
        /** It has a server connection. */
        ACTIVE("active"),
        /** It needs none now. */
        IDLE("idle"),
        WAITING("waiting");

        private final String word;

        ClientPhase(String word) {
            this.word = word;
        }

        /** PgBouncer's word. */
        public String word() {
            return word;
        }
    }

    /**
     * A relayed client, also one on the console. Immutable.
     *
     * @param id not given to another one while conmgr runs
     * @param connected when its start-up packet came; null before
     * @param requested when it last sent something; null before that
     * @param waitMicros how long it has waited so far
     * @param serverId of its server connection; 0 for none
     * @param tls "TLSv1.3" and the like; empty without
     */
    public record ClientPicture(
            long id,
            String user,
            String database,
            ClientPhase phase,
            boolean replication,
            Ends ends,
            @Nullable Instant connected,
            @Nullable Instant requested,
            long waitMicros,
            long serverId,
            String tls,
            String applicationName,
            int preparedStatements) {}

    /** What a server connection is doing. */
    public enum ServerPhase {
        /** It is being opened. */
        LOGIN("new"),
        /** A client has it. */
        ACTIVE("active"),
        /** In the cache. */
        IDLE("idle"),
        /** It is being reset. */
        TESTED("tested");

        private final String word;

        ServerPhase(String word) {
            this.word = word;
        }

        /** PgBouncer's word. */
        public String word() {
            return word;
        }
    }

    /**
     * A server connection. Immutable.
     *
     * @param instance its number
     * @param worker the number of the one that has it; -1 for none, as in the shared cache of transaction mode
     * @param transaction 'T' in one, else 'I'
     * @param given when a client was last given it; null if none was
     * @param freed when a client last left it; null if none did
     * @param uses how many clients have been given it
     * @param clientId of its client; 0 for none
     * @param serverPid the server process; 0 if not known
     */
    public record ServerPicture(
            long id,
            int instance,
            int worker,
            String user,
            String database,
            ServerPhase phase,
            char transaction,
            boolean replication,
            Ends ends,
            Instant connected,
            @Nullable Instant given,
            @Nullable Instant freed,
            int uses,
            long clientId,
            int serverPid,
            String applicationName,
            int preparedStatements) {}

    /**
     * A worker. Immutable.
     *
     * @param started when it began, or replaced another
     * @param served how many clients it has served since
     * @param idleSince null while it serves one
     */
    public record WorkerPicture(
            int number,
            Instant started,
            int served,
            @Nullable Instant idleSince) {}
}
