package io.github.pgconmgr.relay.statistics;

/** One figure per {@link Statistic}. Immutable: nobody changes the array. */
public final class Figures {

    static final int COUNT = Statistic.values().length;

    private final long[] values;

    Figures(long[] values) {
        this.values = values.clone();
    }

    /** All zero. */
    public static Figures none() {
        return new Figures(new long[COUNT]);
    }

    /** Counts as they are, times in microseconds. */
    public long of(Statistic statistic) {
        return values[statistic.index()];
    }

    /** The sum of both. */
    public Figures plus(Figures other) {
        long[] sum = values.clone();
        for (int i = 0; i < COUNT; i++) {
            sum[i] += other.values[i];
        }
        return new Figures(sum);
    }

    /** Counts per second, times per event, over what came since an earlier moment; zero if no time has passed. */
    Figures averageSince(Figures earlier, long nanos) {
        long[] average = new long[COUNT];
        for (Statistic statistic : Statistic.values()) {
            Statistic per = statistic.per();
            long grown = of(statistic) - earlier.of(statistic);
            if (per != null) {
                long events = of(per) - earlier.of(per);
                average[statistic.index()] = events > 0 ? grown / events : 0;
            } else {
                average[statistic.index()] = nanos > 0 ? (long) (grown * 1e9 / nanos) : 0;
            }
        }
        return new Figures(average);
    }
}
