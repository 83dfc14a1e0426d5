package io.github.pgconmgr.relay.pool;

/**
 * What a child process is in Pgpool-II: serves one client at a time (in transaction mode: one transaction) and owns cached server
 * connections. Confined to the relay's loop.
 */
public final class Worker {

    private final int number;
    private final Shelf shelf;
    private boolean busy;
    private int served;
    private final long startedNanos;
    private long sinceNanos;

    Worker(int number, Shelf shelf, long nowNanos) {
        this.number = number;
        this.shelf = shelf;
        this.startedNanos = nowNanos;
        this.sinceNanos = nowNanos;
    }

    /** When it began, or replaced another. */
    public long startedNanos() {
        return startedNanos;
    }

    /** From 0. A worker that replaces another has its number. */
    public int number() {
        return number;
    }

    /** How many clients it has been given. */
    public int served() {
        return served;
    }

    /** Whether it serves somebody now. */
    public boolean isBusy() {
        return busy;
    }

    /** Since when it is busy or idle. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** How many server connections lie in its cache; that of all in transaction mode. */
    public int cached() {
        return shelf.size();
    }

    Shelf shelf() {
        return shelf;
    }

    void begin(long nowNanos) {
        busy = true;
        served++;
        sinceNanos = nowNanos;
    }

    void end(long nowNanos) {
        busy = false;
        sinceNanos = nowNanos;
    }
}
