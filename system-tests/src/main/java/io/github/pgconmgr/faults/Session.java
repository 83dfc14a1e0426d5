package io.github.pgconmgr.faults;

import org.jspecify.annotations.Nullable;

/**
 * A connection as its application knows it. Confined to its {@link Ledger}'s thread.
 */
final class Session {

    /** How a session can end. Immutable. */
    record End(long nanos, String sqlState, String text) {}

    private final String worker;
    private final String host;
    private final String server;
    private final String backend;
    private final long sinceNanos;
    private @Nullable End end;
    private boolean hostDied;
    private long resumedNanos;

    /**
     * @param host the application's
     * @param server the instance's host
     * @param backend the process id that the instance gave it
     */
    Session(String worker, String host, String server, String backend, long sinceNanos) {
        this.worker = worker;
        this.host = host;
        this.server = server;
        this.backend = backend;
        this.sinceNanos = sinceNanos;
    }

    String worker() {
        return worker;
    }

    String host() {
        return host;
    }

    String server() {
        return server;
    }

    String backend() {
        return backend;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** How it ended; null while it is open, and where its application died with its host. */
    @Nullable
    End end() {
        return end;
    }

    boolean isOpen() {
        return end == null && !hostDied;
    }

    void ended(End how) {
        end = how;
    }

    /** Its application is gone: nobody is left to see an error. */
    void applicationDied() {
        hostDied = true;
    }

    /** When its worker had work done again after its end; 0 if that has not happened. */
    long resumedNanos() {
        return resumedNanos;
    }

    void resumed(long nanos) {
        resumedNanos = nanos;
    }

    @Override
    public String toString() {
        return worker + " at " + server + " (backend " + backend + ")";
    }
}
