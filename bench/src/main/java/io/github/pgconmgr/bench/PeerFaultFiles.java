package io.github.pgconmgr.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The configuration of HAProxy, Pgpool-II and PgBouncer before two instances, each with what it has to find a silent server within about 3 s.
 * Stateless.
 */
final class PeerFaultFiles {

    private PeerFaultFiles() {}

    static Map<String, String> all(String one, String two, int port, Path folder) {
        return Map.of(
                "haproxy.cfg",
                filled(haproxy(), one, two, port),
                "pgpool.conf",
                filled(pgpool(), one, two, port, folder),
                "pool_hba.conf",
                "host all all all trust\n",
                "pcp.conf",
                "",
                "userlist.txt",
                "\"postgres\" \"\"\n",
                "pgbouncer.ini",
                filled(pgbouncer(), one, two, port, folder));
    }

    private static String haproxy() {
        return """
                global
                  maxconn 2000
                defaults
                  mode tcp
                  timeout connect 3s
                  timeout client 1h
                  timeout server 1h
                listen postgres
                  bind 127.0.0.1:5000
                  option pgsql-check user postgres
                  default-server inter 1s fall 3 rise 1 on-marked-down shutdown-sessions
                  server one %1$s:%3$d check
                  server two %2$s:%3$d check backup
                """;
    }

    private static String pgpool() {
        return """
                backend_clustering_mode = 'raw'
                backend_hostname0 = '%1$s'
                backend_port0 = %3$d
                backend_hostname1 = '%2$s'
                backend_port1 = %3$d
                listen_addresses = '127.0.0.1'
                port = 9999
                socket_dir = '%4$s'
                pcp_socket_dir = '%4$s'
                wd_ipc_socket_dir = '%4$s'
                pid_file_name = '%4$s/pgpool.pid'
                logdir = '%4$s'
                enable_pool_hba = off
                num_init_children = 60
                max_pool = 1
                load_balance_mode = off
                connect_timeout = 1000
                health_check_period = 1
                health_check_timeout = 1
                health_check_user = 'postgres'
                health_check_max_retries = 1
                health_check_retry_delay = 1
                """;
    }

    private static String pgbouncer() {
        return """
                [databases]
                * = host=%1$s,%2$s port=%3$d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = 6432
                unix_socket_dir =
                auth_type = trust
                auth_file = %4$s/userlist.txt
                pool_mode = session
                default_pool_size = 60
                server_connect_timeout = 3
                server_login_retry = 1
                tcp_keepalive = 1
                tcp_keepidle = 1
                tcp_keepintvl = 1
                tcp_keepcnt = 2
                tcp_user_timeout = 3000
                ignore_startup_parameters = extra_float_digits
                """;
    }

    private static String filled(String template, Object... values) {
        return String.format(Locale.ROOT, template, values);
    }
}
