package io.github.pgconmgr.admin;

import java.util.List;

/**
 * The relay's pool, as {@code cm_ctl status -i pool} shows it. Immutable.
 *
 * @param mode session or transaction
 * @param busy how many of the workers serve a client now
 * @param clients relayed ones, those that wait among them
 * @param waiting for an instance, a worker or a server connection
 */
public record PoolStatus(
        String mode,
        int workers,
        int busy,
        int clients,
        int waiting,
        int maxServerConnections,
        List<Connections> instances) {

    /** Copies the list. */
    public PoolStatus {
        instances = List.copyOf(instances);
    }

    /**
     * Server connections to one instance. Immutable.
     *
     * @param inUse a client has it, or it is being reset
     * @param opening it is being connected or logged in
     */
    public record Connections(int instance, String host, int port, int inUse, int cached, int opening) {}

    void renderTo(StringBuilder out) {
        int connections = instances.stream()
                .mapToInt(some -> some.inUse + some.cached + some.opening)
                .sum();
        out.append("pool: ").append(mode).append(" mode, ");
        out.append(busy).append(" of ").append(workers).append(" workers busy, ");
        out.append(clients).append(" clients, ").append(waiting).append(" waiting, ");
        out.append(connections)
                .append(" of at most ")
                .append(maxServerConnections)
                .append(" server connections\n");
        TextTable table = new TextTable("no", "host", "port", "in use", "cached", "opening");
        for (Connections some : instances) {
            table.row(
                    Integer.toString(some.instance),
                    some.host,
                    Integer.toString(some.port),
                    Integer.toString(some.inUse),
                    Integer.toString(some.cached),
                    Integer.toString(some.opening));
        }
        table.renderTo(out);
    }
}
