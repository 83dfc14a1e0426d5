package io.github.pgconmgr.faults.soak;

/** What is measured of a process, and how far it may rise before that is called a leak ({@link Flatness}). Immutable. */
public enum Measure {
    /** Resident memory, KiB. */
    RSS("RSS, KiB", 2048),
    /** The same with shared pages divided among those who share them, KiB. */
    PSS("PSS, KiB", 2048),
    /** What a full collection leaves in the Java heap, KiB. */
    HEAP("live heap, KiB", 1024),
    /** Threads. */
    THREADS("threads", 2),
    /** Open descriptors. */
    DESCRIPTORS("descriptors", 3);

    /** A tenth: what garbage collection and a changing load account for. */
    private static final double SHARE = 0.1;

    private final String words;
    private final double least;

    Measure(String words, double least) {
        this.words = words;
        this.least = least;
    }

    /** The heading of its column. */
    public String words() {
        return words;
    }

    /** How far it may rise from that value: a tenth of it, or a fixed step if that is more. */
    public double allowance(double from) {
        return Math.max(least, SHARE * from);
    }
}
