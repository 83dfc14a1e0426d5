package io.github.pgconmgr.bench;

/** What became of a figure. */
enum Verdict {
    MET("met"),
    MISSED("MISSED"),
    /** The difference is inside the noise, which is what the same work shows beside itself: neither pass nor miss. */
    NONE_SHOWN("none shown"),
    /** Nothing is asked of it. */
    NO_TARGET("");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /** Met if the measured value is at most the target's. */
    static Verdict atMost(double measured, double target) {
        return measured <= target ? MET : MISSED;
    }

    /**
     * Whether a ratio to the same work without us shows a difference: not if it is at most what the same work shows beside
     * itself in three of four blocks. An outlier on a busy machine must not hide a difference, so it is not the greatest.
     */
    static Verdict noneAbove(double ratio, Samples noise) {
        return ratio <= noise.percentile(75) ? NONE_SHOWN : MISSED;
    }

    /** Met at the target or below; above it, a miss only if it is more than the noise. */
    static Verdict atMost(double ratio, double target, Samples noise) {
        return ratio <= target ? MET : noneAbove(ratio, noise);
    }

    /** Met at the target or above. */
    static Verdict atLeast(double measured, double target) {
        return measured >= target ? MET : MISSED;
    }

    String word() {
        return word;
    }
}
