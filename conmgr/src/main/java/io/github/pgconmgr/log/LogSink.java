package io.github.pgconmgr.log;

/** One destination of log lines. Implementations are shared: any thread may call, and no call but awaitEmpty blocks. */
interface LogSink {

    /** Takes a line; what cannot be written in time is counted and reported later, never waited for. */
    void accept(LogLine line);

    /** Waits until everything accepted is written, at most that long (before the process ends). */
    void awaitEmpty(long limitMillis) throws InterruptedException;

    /** No more lines; those that are waiting are still written, if that goes quickly. Comes back at once. */
    void close();
}
