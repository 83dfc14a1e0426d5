package io.github.pgconmgr.bench;

import java.util.List;
import java.util.Locale;

/** Measured values, at least one, all in the same unit. Immutable. */
public final class Samples {

    private final List<Double> sorted;

    private Samples(List<Double> sorted) {
        this.sorted = sorted;
    }

    /**
     * Takes them in.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Samples of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        return new Samples(values.stream().sorted().toList());
    }

    /** The middle one; of an even number, the mean of the two in the middle. */
    public double median() {
        int upper = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(upper) : (sorted.get(upper - 1) + sorted.get(upper)) / 2;
    }

    /** The smallest value that at least so many per cent of all do not exceed (nearest rank). */
    public double percentile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.max(1, rank) - 1);
    }

    /** The smallest. */
    public double min() {
        return sorted.get(0);
    }

    /** The greatest. */
    public double max() {
        return sorted.get(sorted.size() - 1);
    }

    /** How many there are. */
    public int count() {
        return sorted.size();
    }

    /** Median and range, such as {@code 1.20 [1.10 .. 1.40]}. */
    String text(int decimals) {
        String number = "%." + decimals + "f";
        return String.format(Locale.ROOT, number + " [" + number + " .. " + number + "]", median(), min(), max());
    }
}
