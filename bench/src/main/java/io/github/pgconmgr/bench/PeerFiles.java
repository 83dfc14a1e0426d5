package io.github.pgconmgr.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The configuration files of PgBouncer, Pgpool-II and HAProxy, by name. Their own defaults but for what all have to do alike
 * (server, authentication, number of connections) and for what would only cost them something: log lines for each connection,
 * Pgpool-II's parsing of each query for load balancing, HAProxy's time limits. Immutable.
 *
 * @param serverHost the server's address
 * @param serverPort the server's port
 * @param verifier the role's SCRAM verifier, as the server has it
 * @param folder where the files will be
 */
record PeerFiles(PoolSetup setup, String serverHost, int serverPort, String verifier, Path folder) {

    Map<String, String> all() {
        return Map.of(
                "userlist.txt",
                '"' + PoolSetup.USER + "\" \"" + verifier + "\"\n",
                "pgbouncer.ini",
                pgbouncer(),
                "pgpool.conf",
                pgpool(),
                "pool_passwd",
                PoolSetup.USER + ":TEXT" + PoolSetup.PASSWORD + "\n",
                "pool_hba.conf",
                "host all all all " + setup.authType() + "\n",
                "pcp.conf",
                "",
                "haproxy.cfg",
                haproxy());
    }

    /** What conmgr.conf needs besides the instances. */
    String conmgr() {
        return filled("""
                relay_primary_port = %d
                listen_backlog_multiplier = 100
                pool_mode = %s
                num_init_children = %d
                max_pool = 1
                auth_type = %s
                auth_file = '%s/userlist.txt'
                """, Contender.OURS.port(), setup.mode(), setup.serverConnections(), setup.authType(), folder);
    }

    private String pgbouncer() {
        return filled(
                """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = %s
                auth_file = %s/userlist.txt
                pool_mode = %s
                default_pool_size = %d
                max_client_conn = %d
                log_connections = 0
                log_disconnections = 0
                log_stats = 0
                """,
                serverHost,
                serverPort,
                Contender.PGBOUNCER.port(),
                setup.authType(),
                folder,
                setup.mode(),
                setup.serverConnections(),
                PoolSetup.MAX_CLIENTS);
    }

    private String pgpool() {
        return filled("""
                backend_clustering_mode = 'raw'
                backend_hostname0 = '%1$s'
                backend_port0 = %2$d
                listen_addresses = '127.0.0.1'
                port = %3$d
                socket_dir = '%4$s'
                pcp_socket_dir = '%4$s'
                wd_ipc_socket_dir = '%4$s'
                pid_file_name = '%4$s/pgpool.pid'
                logdir = '%4$s'
                enable_pool_hba = on
                pool_passwd = 'pool_passwd'
                num_init_children = %5$d
                max_pool = 1
                load_balance_mode = off
                """, serverHost, serverPort, Contender.PGPOOL.port(), folder, setup.serverConnections());
    }

    private String haproxy() {
        return filled("""
                global
                  maxconn %d
                defaults
                  mode tcp
                  timeout connect 10s
                  timeout client 1h
                  timeout server 1h
                listen postgres
                  bind 127.0.0.1:%d
                  server one %s:%d
                """, PoolSetup.MAX_CLIENTS, Contender.HAPROXY.port(), serverHost, serverPort);
    }

    private static String filled(String template, Object... values) {
        return String.format(Locale.ROOT, template, values);
    }
}
