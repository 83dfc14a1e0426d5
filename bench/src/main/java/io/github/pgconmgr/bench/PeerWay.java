package io.github.pgconmgr.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One way from an application to a database of two instances, told of both; held to the same time limit of 3 s where it has one. Immutable.
 *
 * @param title as the table names it
 * @param url for JDBC; a conninfo for libpq
 * @param ownHost its host's kernel settings would change those of others: it stands on a host of its own
 * @param program which must run for it, beside the application
 */
record PeerWay(String title, Client client, String url, boolean ownHost, Program program) {

    /** Who speaks. */
    enum Client {
        JDBC,
        /** psql with the distribution's libpq. */
        LIBPQ,
        /** The same behind conmgr-exec. */
        LIBPQCM
    }

    /** What stands in between. */
    enum Program {
        NONE,
        HAPROXY,
        PGPOOL,
        PGBOUNCER,
        CONMGR
    }

    private static final String PLAIN = "connectTimeout=3&gssEncMode=disable&sslmode=disable";
    private static final String POSTGRES =
            "connect_timeout=3 user=postgres dbname=postgres sslmode=disable gssencmode=disable";
    private static final String EFM =
            "&wrapperPlugins=efm2&wrapperDialect=pg&failureDetectionTime=1000&failureDetectionInterval=1000"
                    + "&failureDetectionCount=2&monitoring-connectTimeout=1000&monitoring-socketTimeout=1000";

    /**
     * All, in the table's order.
     *
     * @param one the address of the primary, which goes silent
     * @param two the address of the standby
     */
    static List<PeerWay> all(String one, String two, int port) {
        String hosts = one + ":" + port + "," + two + ":" + port + "/postgres?" + PLAIN;
        String libpq = "host=" + one + "," + two + " port=" + port + " " + POSTGRES;
        List<PeerWay> all = new ArrayList<>(straight("jdbc:postgresql://" + hosts, libpq));
        all.add(through(
                "AWS JDBC wrapper, efm2, 1 s × 2", "jdbc:aws-wrapper:postgresql://" + hosts + EFM, Program.NONE));
        all.add(through("HAProxy, checks 1 s × 3", pooled(5000), Program.HAPROXY));
        all.add(through("Pgpool-II, health check 1 s", pooled(9999), Program.PGPOOL));
        all.add(through("PgBouncer, keepalive 1 s + 2 × 1 s, tcp_user_timeout 3 s", pooled(6432), Program.PGBOUNCER));
        all.addAll(ours());
        return all;
    }

    private static List<PeerWay> straight(String jdbc, String libpq) {
        return List.of(
                through("pgjdbc, defaults", jdbc, Program.NONE),
                new PeerWay("libpq, defaults", Client.LIBPQ, libpq, false, Program.NONE),
                new PeerWay(
                        "pgjdbc, tcpKeepAlive, kernel's keepalive 1 s + 2 × 1 s",
                        Client.JDBC,
                        jdbc + "&tcpKeepAlive=true",
                        true,
                        Program.NONE),
                new PeerWay(
                        "libpq, keepalives 1 s + 2 × 1 s, tcp_user_timeout 3 s",
                        Client.LIBPQ,
                        libpq + " keepalives_idle=1 keepalives_interval=1 keepalives_count=2 tcp_user_timeout=3000",
                        false,
                        Program.NONE),
                through("pgjdbc, socketTimeout 3 s", jdbc + "&socketTimeout=3", Program.NONE));
    }

    private static List<PeerWay> ours() {
        return List.of(
                through(
                        "ours, JDBC",
                        "jdbc:conmgr://localhost:27546/postgres?targetServerType=any&connectTimeout=3",
                        Program.CONMGR),
                new PeerWay(
                        "ours, libpqcm",
                        Client.LIBPQCM,
                        "host=localhost port=27546 target_session_attrs=any " + POSTGRES,
                        false,
                        Program.CONMGR),
                through("ours, relay, stock pgjdbc", pooled(PeerStage.RELAY_PORT), Program.CONMGR));
    }

    /** Whether it ends a healthy statement as well, 3 s after its beginning: that has to be right before the fault. */
    boolean endsHealthyStatements() {
        return url.contains("&socketTimeout=");
    }

    private static PeerWay through(String title, String url, Program program) {
        return new PeerWay(title, Client.JDBC, url, false, program);
    }

    private static String pooled(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?" + PLAIN;
    }
}
