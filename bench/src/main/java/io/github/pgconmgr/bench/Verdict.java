package io.github.pgconmgr.bench;

/** What became of a figure. */
enum Verdict {
    MET("met"),
    MISSED("MISSED"),
    /** The difference is inside the noise, which is what the same work shows beside itself: neither pass nor miss. */
    NONE_SHOWN("none shown");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /** Met if the measured value is at most the target's. */
    static Verdict atMost(double measured, double target) {
        return measured <= target ? MET : MISSED;
    }

    /** What a ratio to the same work without us shows, where none should: at or inside the noise, or better, is none. */
    static Verdict noneAbove(double ratio, Samples noise) {
        return ratio <= noise.max() ? NONE_SHOWN : MISSED;
    }

    String word() {
        return word;
    }
}
