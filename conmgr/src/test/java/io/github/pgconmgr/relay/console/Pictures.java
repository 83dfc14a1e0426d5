package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.config.Setting;
import io.github.pgconmgr.relay.console.RelayPicture.ClientPhase;
import io.github.pgconmgr.relay.console.RelayPicture.ClientPicture;
import io.github.pgconmgr.relay.console.RelayPicture.Ends;
import io.github.pgconmgr.relay.console.RelayPicture.InstancePicture;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPhase;
import io.github.pgconmgr.relay.console.RelayPicture.ServerPicture;
import io.github.pgconmgr.relay.console.RelayPicture.WorkerPicture;
import io.github.pgconmgr.relay.statistics.DatabaseFigures;
import io.github.pgconmgr.relay.statistics.RelayStatistics;
import io.github.pgconmgr.relay.statistics.Statistic;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** A picture of a relay in use, for tests. Stateless. */
public final class Pictures {

    static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final Ends CLIENT_ENDS = new Ends("127.0.0.1", 50_000);
    private static final Ends SERVER_ENDS = new Ends("10.0.0.1", 5_432);

    private Pictures() {}

    /** ann (active, server 1) and bob (waiting for 1.5 s) on shop; eve is logging in; server 2 is cached for cid on blog. */
    public static RelayPicture busy() {
        return new RelayPicture(
                "0.1.0",
                NOW,
                PoolConfig.DEFAULT,
                List.of(
                        new Setting("port", "27546", "27546", 0, false),
                        new Setting("client_idle_limit", "5s", "0", 3, true)),
                List.of(
                        new InstancePicture(0, "db0", 5432, "read-write", true, true, NOW),
                        new InstancePicture(1, "db1", 5433, "standby", false, false, null)),
                List.of(
                        client(1, "ann", "shop", ClientPhase.ACTIVE, 0, 1),
                        client(2, "bob", "shop", ClientPhase.WAITING, 1_500_000, 0),
                        client(3, "eve", "x", ClientPhase.LOGIN, 0, 0),
                        client(4, "ann", "shop", ClientPhase.IDLE, 0, 0)),
                List.of(
                        server(1, 0, "ann", "shop", ServerPhase.ACTIVE, 1),
                        server(2, 1, "cid", "blog", ServerPhase.IDLE, 0)),
                IntStream.range(0, PoolConfig.DEFAULT.workers())
                        .mapToObj(number -> new WorkerPicture(number, NOW.minusSeconds(100), number < 2 ? 7 : 0, NOW))
                        .toList(),
                statistics());
    }

    private static List<DatabaseFigures> statistics() {
        RelayStatistics statistics = new RelayStatistics(0);
        statistics.of("shop").add(Statistic.XACT_COUNT, 123_456_789);
        statistics.of("blog").add(Statistic.XACT_COUNT, 1);
        return statistics.rows(1);
    }

    private static ClientPicture client(
            long id, String user, String database, ClientPhase phase, long waitMicros, long server) {
        return new ClientPicture(
                id, user, database, phase, false, CLIENT_ENDS, NOW, null, waitMicros, server, "", "psql", 0);
    }

    private static ServerPicture server(
            long id, int worker, String user, String database, ServerPhase phase, long client) {
        return new ServerPicture(
                id,
                0,
                worker,
                user,
                database,
                phase,
                'I',
                false,
                SERVER_ENDS,
                NOW.minusSeconds(60),
                NOW.minusSeconds(50),
                NOW.minusSeconds(40),
                3,
                client,
                4711,
                "psql",
                0);
    }
}
