package io.github.pgconmgr.bench;

import static io.github.pgconmgr.bench.Contender.AGAIN;
import static io.github.pgconmgr.bench.Contender.DIRECT;
import static io.github.pgconmgr.bench.Contender.OURS;
import static io.github.pgconmgr.bench.Contender.PGBOUNCER;
import static io.github.pgconmgr.bench.Contender.PGPOOL;
import static io.github.pgconmgr.bench.Sight.Quantity.CPU;
import static io.github.pgconmgr.bench.Sight.Quantity.P99;
import static io.github.pgconmgr.bench.Sight.Quantity.RATE;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of the relay, by the names that {@code make bench} knows them by; each takes minutes. Immutable: no state. */
final class RelayFigures {

    private static final String SCRAM = "scram-sha-256";
    private static final List<Contender> ALL = List.of(Contender.values());
    /** Pgpool-II and HAProxy have no transaction mode. */
    private static final List<Contender> POOLERS = List.of(DIRECT, OURS, PGBOUNCER, AGAIN);

    private static final int SECONDS = 3;

    private RelayFigures() {}

    static Map<String, Figure> all() {
        Map<String, Figure> all = new LinkedHashMap<>();
        all.put("relay", session(SCRAM, 16, 32));
        all.put("relay-200", session(SCRAM, 200, 250));
        all.put("relay-churn", churn(SCRAM));
        all.put("relay-trust", trust());
        all.put("relay-transaction", transaction(200));
        all.put("relay-transaction-1000", transaction(1000));
        all.put("relay-idle", new RelayIdleFigure());
        all.put("relay-copy", new RelayCopyFigure());
        return all;
    }

    private static Figure session(String auth, int clients, int pool) {
        return new RelayFigure(
                new PoolSetup(auth, "session", pool), ALL, List.of(select("", clients), prepared(clients)));
    }

    private static Figure churn(String auth) {
        return new RelayFigure(new PoolSetup(auth, "session", 32), ALL, List.of(connecting("", 16)));
    }

    /** Without a password: what is left when its checking costs nothing. */
    private static Figure trust() {
        List<RelayLoad> loads = List.of(select(", trust", 16), connecting(", trust", 16));
        return new RelayFigure(new PoolSetup("trust", "session", 32), ALL, loads);
    }

    private static RelayLoad select(String more, int clients) {
        double cpu = RelayJava.isNew() ? 0.9 : 1.0;
        return new RelayLoad(
                "pgbench -S, session, " + clients + " clients" + more,
                clients,
                List.of("-S"),
                SECONDS,
                List.of(new Goal(CPU, PGBOUNCER, cpu), new Goal(RATE, PGBOUNCER, 1)));
    }

    private static RelayLoad prepared(int clients) {
        double cpu = RelayJava.isNew() ? 0.95 : 1.1;
        return new RelayLoad(
                "pgbench -S -M prepared, session, " + clients + " clients",
                clients,
                List.of("-S", "-M", "prepared"),
                SECONDS,
                List.of(new Goal(CPU, PGBOUNCER, cpu), new Goal(RATE, PGBOUNCER, 1)));
    }

    private static RelayLoad connecting(String more, int clients) {
        return new RelayLoad(
                "pgbench -S -C, session, " + clients + " clients" + more,
                clients,
                List.of("-S", "-C"),
                SECONDS,
                List.of(new Goal(CPU, PGBOUNCER, 0.7), new Goal(RATE, PGBOUNCER, 1.3), new Goal(RATE, PGPOOL, 2)));
    }

    private static Figure transaction(int clients) {
        RelayLoad load = new RelayLoad(
                "pgbench -S, transaction, " + clients + " clients on 20 server connections",
                clients,
                List.of("-S"),
                SECONDS,
                List.of(new Goal(CPU, PGBOUNCER, 0.9), new Goal(RATE, PGBOUNCER, 1.1), new Goal(P99, PGBOUNCER, 1)));
        List<Contender> ways = clients > 200 ? List.of(OURS, PGBOUNCER, AGAIN) : POOLERS;
        return new RelayFigure(new PoolSetup(SCRAM, "transaction", 20), ways, List.of(load));
    }
}
