package io.github.pgconmgr.faults.soak;

import java.util.List;

/**
 * The rule by which a figure is flat: the first quarter of a process's samples is warm-up; the median of the last quarter may
 * exceed the median of the second by no more than {@link Measure#allowance}. Medians, so that one sample in the middle of a
 * storm of new sessions proves nothing. A functional core. Immutable: no state.
 */
public final class Flatness {

    /** Fewer samples than this show nothing: three in each quarter. */
    public static final int LEAST_SAMPLES = 12;

    /** How a row of samples is judged. */
    public enum Verdict {
        /** It does not rise. */
        FLAT,
        /** It rises. */
        RISES,
        /** Too few samples. */
        UNKNOWN
    }

    private Flatness() {}

    /** Judges the samples of one process, in the order of time. */
    public static Verdict of(Measure measure, List<Long> samples) {
        if (samples.size() < LEAST_SAMPLES) {
            return Verdict.UNKNOWN;
        }
        double early = early(samples);
        return late(samples) - early > measure.allowance(early) ? Verdict.RISES : Verdict.FLAT;
    }

    /** The median of the second quarter; of all if there are too few for quarters. */
    public static double early(List<Long> samples) {
        int size = samples.size();
        return size < LEAST_SAMPLES ? median(samples) : median(samples.subList(size / 4, size / 2));
    }

    /** The median of the last quarter; of all if there are too few for quarters. */
    public static double late(List<Long> samples) {
        int size = samples.size();
        return size < LEAST_SAMPLES ? median(samples) : median(samples.subList(size - size / 4, size));
    }

    private static double median(List<Long> samples) {
        List<Long> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
    }
}
