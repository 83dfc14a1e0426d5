package io.github.pgconmgr.watchdog.peer;

import java.util.concurrent.TimeUnit;

/**
 * Lines that a stranger can cause as often as he likes: the first few of each window are logged, the rest is counted and told
 * when the window ends (style rule 18).
 *
 * <p>Confined to its owner's thread.
 */
public final class NoiseLog {

    /** Where the lines go. */
    @FunctionalInterface
    public interface Sink {
        /** Takes one line. */
        void log(LogLevel level, String text);
    }

    private static final int LINES_PER_WINDOW = 10;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final String subject;
    private final Sink sink;
    private long windowEndNanos;
    private int lines;
    private int suppressed;

    /**
     * @param subject what the lines are about, for the summary, for example "refused conmgrs"
     */
    public NoiseLog(String subject, Sink sink) {
        this.subject = subject;
        this.sink = sink;
    }

    /** Logs the line, or counts it. */
    public void log(long nowNanos, LogLevel level, String text) {
        onTick(nowNanos);
        if (lines == 0) {
            windowEndNanos = nowNanos + WINDOW_NANOS;
        }
        lines++;
        if (lines <= LINES_PER_WINDOW) {
            sink.log(level, text);
        } else {
            suppressed++;
        }
    }

    /** Call now and then: ends the window and tells what was left out. */
    public void onTick(long nowNanos) {
        if (lines == 0 || nowNanos - windowEndNanos < 0) {
            return;
        }
        if (suppressed > 0) {
            sink.log(LogLevel.LOG, suppressed + " more lines about " + subject + " in the last minute");
        }
        lines = 0;
        suppressed = 0;
    }
}
