package io.github.pgconmgr.faults.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.faults.soak.Flatness.Verdict;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A planted leak is found, noise and warm-up are not one. */
class FlatnessTest {

    private static final int SAMPLES = 48;
    private static final long MEBIBYTE = 1024;

    private final Random random = new Random(1);

    @Test
    void aLeakOfAFewPagesEachRoundRises() {
        assertEquals(Verdict.RISES, Flatness.of(Measure.RSS, samples(n -> 60 * MEBIBYTE + 512L * n + noise(1500))));
    }

    @Test
    void aLeakIsFoundUnderTheSawToothOfACollector() {
        assertEquals(
                Verdict.RISES,
                Flatness.of(Measure.HEAP, samples(n -> 8 * MEBIBYTE + 100L * n + 300L * (n % 5) + noise(200))));
    }

    @Test
    void aDescriptorLostInEveryFourthRoundRises() {
        assertEquals(Verdict.RISES, Flatness.of(Measure.DESCRIPTORS, samples(n -> 80 + n / 4 + noise(2))));
    }

    @Test
    void aThreadLostInEveryTenthRoundRises() {
        assertEquals(Verdict.RISES, Flatness.of(Measure.THREADS, samples(n -> 20 + n / 10)));
    }

    @Test
    void noiseIsFlat() {
        for (int run = 0; run < 200; run++) {
            assertEquals(Verdict.FLAT, Flatness.of(Measure.RSS, samples(n -> 60 * MEBIBYTE + noise(4 * MEBIBYTE))));
            assertEquals(Verdict.FLAT, Flatness.of(Measure.DESCRIPTORS, samples(n -> 80 + noise(2))));
        }
    }

    @Test
    void warmUpIsFlat() {
        assertEquals(
                Verdict.FLAT,
                Flatness.of(Measure.RSS, samples(n -> Math.min(80, 40 + 4L * n) * MEBIBYTE + noise(MEBIBYTE))));
    }

    @Test
    void oneHighSampleAtTheEndIsFlat() {
        assertEquals(Verdict.FLAT, Flatness.of(Measure.DESCRIPTORS, samples(n -> n == SAMPLES - 1 ? 500 : 80)));
    }

    @Test
    void whatFallsIsFlat() {
        assertEquals(Verdict.FLAT, Flatness.of(Measure.RSS, samples(n -> 90 * MEBIBYTE - 512L * n)));
    }

    @Test
    void fewSamplesShowNothing() {
        assertEquals(
                Verdict.UNKNOWN,
                Flatness.of(Measure.RSS, samples(n -> 10_000L * n).subList(0, 11)));
        assertEquals(Verdict.UNKNOWN, Flatness.of(Measure.RSS, List.of()));
    }

    private long noise(long most) {
        return random.nextLong(-most, most + 1);
    }

    private static List<Long> samples(IntToLongFunction value) {
        return IntStream.range(0, SAMPLES).mapToObj(n -> value.applyAsLong(n)).toList();
    }
}
