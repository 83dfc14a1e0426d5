package io.github.pgconmgr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.bench.Sight.Quantity;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GoalTest {

    private static final Samples NOISE = Samples.of(List.of(0.9, 1.0, 1.1, 1.1));

    private static Verdict verdict(Quantity quantity, double bound, double ratio) {
        return new Goal(quantity, Contender.PGBOUNCER, bound).verdict(Samples.of(List.of(ratio)), NOISE);
    }

    @Test
    void cpuMayNotBeMoreThanTheBound() {
        assertEquals(Verdict.MET, verdict(Quantity.CPU, 0.9, 0.9));
        assertEquals(Verdict.MISSED, verdict(Quantity.CPU, 0.9, 0.91));
    }

    @Test
    void throughputMayNotBeLessThanTheBound() {
        assertEquals(Verdict.MET, verdict(Quantity.RATE, 1.3, 1.3));
        assertEquals(Verdict.MISSED, verdict(Quantity.RATE, 1.3, 1.29));
    }

    @Test
    void whereNoGainIsAskedForTheNoiseIsNeitherPassNorMiss() {
        assertEquals(Verdict.NONE_SHOWN, verdict(Quantity.RATE, 1, 0.95));
        assertEquals(Verdict.MISSED, verdict(Quantity.RATE, 1, 0.89));
        assertEquals(Verdict.NONE_SHOWN, verdict(Quantity.CPU, 1, 1.05));
        assertEquals(Verdict.MISSED, verdict(Quantity.P99, 1, 1.2));
    }
}
