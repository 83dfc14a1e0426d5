package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.relay.console.RelayPicture.ClientPicture;
import io.github.pgconmgr.relay.console.RelayPicture.Ends;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPicture;

/** SHOW CLIENTS and SHOW SERVERS: PgBouncer's columns. Stateless. */
final class ConnectionViews {

    private static final int MICROS = 1_000_000;

    private ConnectionViews() {}

    private static Table columns() {
        return new Table()
                .text("type", "user", "database", "replication", "state", "addr")
                .int4("port")
                .text("local_addr")
                .int4("local_port")
                .text("connect_time", "request_time")
                .int4("wait", "wait_us", "close_needed")
                .text("ptr", "link")
                .int4("remote_pid")
                .text("tls", "application_name")
                .int4("prepared_statements", "id");
    }

    static Table clients(RelayPicture picture) {
        Table table = columns();
        for (ClientPicture client : picture.clients()) {
            Ends ends = client.ends();
            table.row(
                    "C",
                    client.user(),
                    client.database(),
                    replication(client.replication()),
                    client.phase().word(),
                    ends.address(),
                    ends.port(),
                    "",
                    0,
                    Moment.withZone(client.connected()),
                    Moment.withZone(client.requested()),
                    client.waitMicros() / MICROS,
                    client.waitMicros() % MICROS,
                    0,
                    name('C', client.id()),
                    name('S', client.serverId()),
                    0,
                    client.tls(),
                    client.applicationName(),
                    client.preparedStatements(),
                    client.id());
        }
        return table;
    }

    static Table servers(RelayPicture picture) {
        Table table = columns();
        for (ServerPicture server : picture.servers()) {
            Ends ends = server.ends();
            table.row(
                    "S",
                    server.user(),
                    server.database(),
                    replication(server.replication()),
                    server.phase().word(),
                    ends.address(),
                    ends.port(),
                    "",
                    0,
                    Moment.withZone(server.connected()),
                    Moment.withZone(server.given()),
                    0,
                    0,
                    0,
                    name('S', server.id()),
                    name('C', server.clientId()),
                    server.serverPid(),
                    "",
                    server.applicationName(),
                    server.preparedStatements(),
                    server.id());
        }
        return table;
    }

    /** PgBouncer tells the kinds apart; conmgr does not look. */
    private static String replication(boolean is) {
        return is ? "physical" : "none";
    }

    /** Where PgBouncer shows an address in memory. */
    private static String name(char kind, long id) {
        return id == 0 ? "" : kind + Long.toString(id);
    }
}
