package io.github.pgconmgr.relay.statistics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The counters of all databases. Averages are PgBouncer's: over the last whole period and what has passed of the current one.
 *
 * <p>Confined to the relay's loop.
 */
public final class RelayStatistics {

    /** PgBouncer's {@code stats_period}. */
    public static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Clients name databases; those beyond share {@link #OTHERS}. */
    static final int MAX_DATABASES = 1_000;

    static final String OTHERS = "(others)";

    private final Map<String, DatabaseCounters> databases = new TreeMap<>();
    private long olderNanos;
    private long newerNanos;

    /** Nothing counted yet. */
    public RelayStatistics(long nowNanos) {
        olderNanos = nowNanos;
        newerNanos = nowNanos;
    }

    /** Counters of a database, to be kept by whoever counts: to be asked for once per client that has logged in. */
    public DatabaseCounters of(String database) {
        DatabaseCounters known = databases.get(database);
        if (known != null) {
            return known;
        }
        String name = databases.size() < MAX_DATABASES ? database : OTHERS;
        return databases.computeIfAbsent(name, DatabaseCounters::new);
    }

    /** To be called once per {@link #PERIOD_NANOS}, or more often. */
    public void onTick(long nowNanos) {
        if (nowNanos - newerNanos < PERIOD_NANOS) {
            return;
        }
        olderNanos = newerNanos;
        newerNanos = nowNanos;
        databases.values().forEach(DatabaseCounters::roll);
    }

    /** A row for each database, by name. */
    public List<DatabaseFigures> rows(long nowNanos) {
        return databases.values().stream()
                .map(counters -> row(counters, nowNanos))
                .toList();
    }

    private DatabaseFigures row(DatabaseCounters counters, long nowNanos) {
        Figures now = counters.now();
        return new DatabaseFigures(counters.database(), now, now.averageSince(counters.older(), nowNanos - olderNanos));
    }
}
