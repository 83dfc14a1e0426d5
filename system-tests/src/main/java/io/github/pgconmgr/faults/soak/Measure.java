package io.github.pgconmgr.faults.soak;

/** What is measured of a process, and how far it may rise before that is called a leak ({@link Flatness}). Immutable. */
public enum Measure {
    /** Resident memory, KiB. */
    RSS("RSS, KiB", 2048, 0.1),
    /** The same with shared pages divided among those who share them, KiB. */
    PSS("PSS, KiB", 2048, 0.1),
    /** What a full collection leaves in the Java heap, KiB. */
    HEAP("live heap, KiB", 1024, 0.1),
    /** Threads. */
    THREADS("threads", 2, 0),
    /** Open descriptors. */
    DESCRIPTORS("descriptors", 3, 0);

    private final String words;
    private final double least;
    private final double share;

    Measure(String words, double least, double share) {
        this.words = words;
        this.least = least;
        this.share = share;
    }

    /** The heading of its column. */
    public String words() {
        return words;
    }

    /** How far it may rise from that value: a fixed step, or for memory, which garbage collection moves, a tenth of it if that is more. */
    public double allowance(double from) {
        return Math.max(least, share * from);
    }
}
