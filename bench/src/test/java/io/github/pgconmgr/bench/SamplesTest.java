package io.github.pgconmgr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplesTest {

    @Test
    void theMedianIsTheMiddleOneWhateverTheOrder() {
        assertEquals(2, of(3, 1, 2).median());
        assertEquals(2.5, of(4, 1, 3, 2).median());
    }

    @Test
    void aPercentileIsTheSmallestValueThatSoManyDoNotExceed() {
        Samples hundred = Samples.of(
                IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList());
        assertEquals(99, hundred.percentile(99));
        assertEquals(100, hundred.percentile(99.5));
        assertEquals(1, hundred.percentile(0));
    }

    @Test
    void theTextHasMedianAndRange() {
        assertEquals("2.0 [1.0 .. 9.0]", of(1, 2, 9).text(1));
    }

    @Test
    void nothingMeasuredIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> Samples.of(List.of()));
    }

    @Test
    void aRatioAboveTheNoiseIsAMissAndOneInsideShowsNothing() {
        Samples noise = of(0.97, 1.0, 1.03, 2.0);
        assertEquals(Verdict.NONE_SHOWN, Verdict.noneAbove(1.03, noise));
        assertEquals(Verdict.MISSED, Verdict.noneAbove(1.031, noise));
        assertEquals(Verdict.MET, Verdict.atMost(1.02, 1.02, noise));
        assertEquals(Verdict.NONE_SHOWN, Verdict.atMost(1.03, 1.02, noise));
        assertEquals(Verdict.MISSED, Verdict.atMost(1.04, 1.02, noise));
    }

    @Test
    void aFigureAtItsTargetIsMet() {
        assertEquals(Verdict.MET, Verdict.atMost(10, 10));
        assertEquals(Verdict.MISSED, Verdict.atMost(10.1, 10));
    }

    private static Samples of(double... values) {
        return Samples.of(DoubleStream.of(values).boxed().toList());
    }
}
