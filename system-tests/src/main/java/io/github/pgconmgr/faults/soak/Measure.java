package io.github.pgconmgr.faults.soak;

/** What is measured of a process, and how far it may rise before that is called a leak ({@link Flatness}). Immutable. */
public enum Measure {
    /** Resident memory, KiB. */
    RSS("RSS, KiB", 2048, 0.1, Measure.JVM_SETTLES_SECONDS),
    /** The same with shared pages divided among those who share them, KiB. */
    PSS("PSS, KiB", 2048, 0.1, Measure.JVM_SETTLES_SECONDS),
    /** What a full collection leaves in the Java heap, KiB. */
    HEAP("live heap, KiB", 1024, 0.1, 0),
    /** Threads. */
    THREADS("threads", 2, 0, 0),
    /** Open descriptors. */
    DESCRIPTORS("descriptors", 3, 0, 0);

    /** So long a JVM's compilers and the room of its heap grow: in the soak of an hour conmgr came from 80 to 104 MB in 13 minutes, and stayed. */
    private static final int JVM_SETTLES_SECONDS = 900;

    private final String words;
    private final double least;
    private final double share;
    private final int settlesSeconds;

    Measure(String words, double least, double share, int settlesSeconds) {
        this.words = words;
        this.least = least;
        this.share = share;
        this.settlesSeconds = settlesSeconds;
    }

    /** The heading of its column. */
    public String words() {
        return words;
    }

    /** Of a process that is younger it says nothing. */
    int settlesSeconds() {
        return settlesSeconds;
    }

    /** How far it may rise from that value: a fixed step, or for memory, which garbage collection moves, a tenth of it if that is more. */
    public double allowance(double from) {
        return Math.max(least, share * from);
    }
}
