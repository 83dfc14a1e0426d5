package io.github.pgconmgr.relay.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Totals since the start; averages as PgBouncer's, over the last whole period and the current one. */
class RelayStatisticsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final RelayStatistics statistics = new RelayStatistics(0);
    private final DatabaseCounters shop = statistics.of("shop");

    private DatabaseFigures row(long nowNanos) {
        return statistics.rows(nowNanos).get(0);
    }

    @Test
    void whatIsCountedIsInTheTotals() {
        shop.count(Statistic.XACT_COUNT);
        shop.count(Statistic.XACT_COUNT);
        shop.add(Statistic.RECEIVED, 100);
        shop.addNanos(Statistic.XACT_TIME, 5_000_000);
        Figures totals = row(SECOND).totals();
        assertEquals(2, totals.of(Statistic.XACT_COUNT));
        assertEquals(100, totals.of(Statistic.RECEIVED));
        assertEquals(5_000, totals.of(Statistic.XACT_TIME));
        assertEquals(0, totals.of(Statistic.SENT));
    }

    @Test
    void countsAreAveragedPerSecondAndTimesPerEvent() {
        shop.add(Statistic.QUERY_COUNT, 20);
        shop.addNanos(Statistic.QUERY_TIME, 20 * 3_000_000L);
        Figures averages = row(10 * SECOND).averages();
        assertEquals(2, averages.of(Statistic.QUERY_COUNT));
        assertEquals(3_000, averages.of(Statistic.QUERY_TIME));
        assertEquals(0, averages.of(Statistic.WAIT_TIME));
    }

    @Test
    void aPeriodThatIsOverForTwoPeriodsIsInNoAverage() {
        shop.add(Statistic.QUERY_COUNT, 600);
        statistics.onTick(60 * SECOND);
        assertEquals(6, row(100 * SECOND).averages().of(Statistic.QUERY_COUNT));
        statistics.onTick(120 * SECOND - 1);
        assertEquals(5, row(120 * SECOND).averages().of(Statistic.QUERY_COUNT));
        statistics.onTick(120 * SECOND);
        shop.add(Statistic.QUERY_COUNT, 90);
        assertEquals(1, row(150 * SECOND).averages().of(Statistic.QUERY_COUNT));
        assertEquals(690, row(150 * SECOND).totals().of(Statistic.QUERY_COUNT));
    }

    @Test
    void noTimeIsNoAverage() {
        shop.add(Statistic.QUERY_COUNT, 600);
        assertEquals(0, row(0).averages().of(Statistic.QUERY_COUNT));
    }

    @Test
    void rowsComeByNameAndThoseBeyondTheLimitShareOne() {
        statistics.of("a");
        assertEquals(
                List.of("a", "shop"),
                statistics.rows(0).stream().map(DatabaseFigures::database).toList());
        for (int i = 0; i < RelayStatistics.MAX_DATABASES; i++) {
            statistics.of("db" + i);
        }
        assertSame(shop, statistics.of("shop"));
        assertSame(statistics.of("another"), statistics.of("one more"));
        assertEquals(RelayStatistics.MAX_DATABASES + 1, statistics.rows(0).size());
    }
}
