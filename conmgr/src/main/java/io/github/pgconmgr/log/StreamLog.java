package io.github.pgconmgr.log;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes lines to a stream, as PostgreSQL's server log looks (C5): time with zone, process id, severity, who speaks, text; a
 * hint is a line of its own.
 *
 * <p>Shared: guarded by its monitor, held for one line; each line is one write, so that lines of two processes that append to
 * one file do not mix. A stream that cannot be written to (disk full) loses lines, but never stops a heartbeat.
 */
public final class StreamLog implements Log {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSS zzz", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private final OutputStream out;
    private final long pid;
    private final WallClock wallClock;
    private final NanoClock clock;
    private final RepeatLimiter limiter = new RepeatLimiter();
    private Severity minimum = Severity.WARNING;

    /**
     * @param out never closed by this log; best unbuffered
     */
    public StreamLog(OutputStream out, long pid, WallClock wallClock, NanoClock clock) {
        this.out = out;
        this.pid = pid;
        this.wallClock = wallClock;
        this.clock = clock;
    }

    /** Sets {@code log_min_messages}; before the configuration is read it is WARNING. */
    public synchronized void setMinimum(Severity severity) {
        minimum = severity;
    }

    @Override
    public synchronized void write(Message message, String component, Object... arguments) {
        if (message.severity().compareTo(minimum) < 0) {
            return;
        }
        List<RepeatLimiter.Summary> summaries = new ArrayList<>();
        boolean written = limiter.onMessage(clock.nanoTime(), message, component, summaries);
        summaries.forEach(this::writeSummary);
        if (written) {
            writeLine(message.severity().name(), component, message.format(arguments));
            if (!message.hint().isEmpty()) {
                writeLine("HINT", component, message.hint());
            }
        }
    }

    /** Writes the summaries of repeats that are due; call about once a minute. */
    public synchronized void writeDueSummaries() {
        limiter.due(clock.nanoTime()).forEach(this::writeSummary);
    }

    private void writeSummary(RepeatLimiter.Summary summary) {
        String text = String.format(
                Locale.ROOT, "%s: %d more times since it was last written", summary.message(), summary.count());
        writeLine(summary.message().severity().name(), summary.component(), text);
    }

    private void writeLine(String level, String component, String text) {
        String line = TIME.format(wallClock.now()) + " [" + pid + "] " + level + ":  " + printable(component) + ": "
                + printable(text) + "\n";
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // There is nowhere left to say it.
            return;
        }
    }

    /** Names come from peers: one that holds a line end must not be able to write a line of its own. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(isPrintable(c) ? c : '?'));
        return out.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
