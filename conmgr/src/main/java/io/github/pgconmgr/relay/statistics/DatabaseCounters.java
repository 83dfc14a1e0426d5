package io.github.pgconmgr.relay.statistics;

/**
 * What is counted for one database. Counting allocates nothing.
 *
 * <p>Confined to the relay's loop.
 */
public final class DatabaseCounters {

    private static final long NANOS_PER_MICRO = 1_000;

    private final String database;
    private final long[] values = new long[Figures.COUNT];
    private Figures newer = Figures.none();
    private Figures older = Figures.none();

    DatabaseCounters(String database) {
        this.database = database;
    }

    String database() {
        return database;
    }

    /** One more. */
    public void count(Statistic statistic) {
        values[statistic.index()]++;
    }

    /** So many more. */
    public void add(Statistic statistic, long amount) {
        values[statistic.index()] += amount;
    }

    /** So much more time, for one of the three that are times. */
    public void addNanos(Statistic statistic, long nanos) {
        values[statistic.index()] += nanos / NANOS_PER_MICRO;
    }

    void roll() {
        older = newer;
        newer = now();
    }

    Figures now() {
        return new Figures(values);
    }

    /** How they stood when the last period that has ended began. */
    Figures older() {
        return older;
    }
}
