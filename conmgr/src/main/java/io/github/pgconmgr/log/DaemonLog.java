package io.github.pgconmgr.log;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * conmgr's log (C5): filters by {@code log_min_messages}, keeps repeats small, and hands lines to the destinations of
 * {@code log_destination}. A message that ends the process (FATAL) goes to stderr whatever the destinations are: there looks who
 * started it.
 *
 * <p>Shared: any thread writes, guarded by the monitor, which is never held for I/O; the main thread configures.
 */
public final class DaemonLog implements Log {

    /** Before the process ends; a destination that takes nothing shall not keep it. */
    private static final long FLUSH_MILLIS = 1000;

    private static final String COMPONENT = "log";
    private static final String HINT = "HINT";

    /** Opens syslog. */
    @FunctionalInterface
    interface SyslogOpener {
        /**
         * Comes back at once.
         *
         * @param trouble hears why nothing arrives there, and when it does again
         * @throws SyslogUnavailableException if this machine cannot
         */
        LogSink open(SyslogSettings settings, Log trouble) throws SyslogUnavailableException;
    }

    private final LogSink stderr;
    private final SyslogOpener opener;
    private final WallClock wallClock;
    private final NanoClock clock;
    private final RepeatLimiter limiter = new RepeatLimiter();
    private volatile Severity minimum = LogSettings.initial().minimum();
    private volatile LogSettings settings = LogSettings.initial();
    private volatile @Nullable LogSink syslog;

    DaemonLog(LogSink stderr, SyslogOpener opener, WallClock wallClock, NanoClock clock) {
        this.stderr = stderr;
        this.opener = opener;
        this.wallClock = wallClock;
        this.clock = clock;
    }

    /**
     * Starts with the documented defaults: WARNING, to stderr.
     *
     * @param stderr never closed by this log; best unbuffered
     */
    public static DaemonLog start(OutputStream stderr, long pid) {
        return new DaemonLog(
                StreamSink.start(stderr, pid, WallClock.SYSTEM, NanoClock.SYSTEM),
                (settings, trouble) -> SyslogSink.open(settings, pid, trouble, WallClock.SYSTEM, NanoClock.SYSTEM),
                WallClock.SYSTEM,
                NanoClock.SYSTEM);
    }

    /**
     * Takes the parameters of a configuration, at start or at a reload. Main thread; may load a native library, meanwhile others
     * write to where it went before.
     */
    public void configure(LogSettings next) {
        LogSettings before = settings;
        LogSink left = syslog;
        LogSink used = null;
        if (toSyslog(next)) {
            used = left != null && next.syslog().equals(before.syslog()) ? left : open(next.syslog());
        }
        if (toStderr(before) && !toStderr(next) && used != null) {
            writeAside(Message.LOG_LEAVES_STDERR, COMPONENT);
        }
        synchronized (this) {
            settings = next;
            minimum = next.minimum();
            syslog = used;
        }
        if (left != null && left != used) {
            left.close();
        }
    }

    private @Nullable LogSink open(SyslogSettings wanted) {
        try {
            return opener.open(wanted, this::writeAside);
        } catch (SyslogUnavailableException e) {
            writeAside(Message.SYSLOG_UNAVAILABLE, COMPONENT, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** What concerns syslog itself cannot be said there. */
    private void writeAside(Message message, String component, Object... arguments) {
        if (message.severity().compareTo(minimum) < 0) {
            return;
        }
        stderr.accept(LogLine.of(wallClock.now(), message, component, arguments));
        if (!message.hint().isEmpty()) {
            stderr.accept(LogLine.of(wallClock.now(), message, HINT, component, message.hint()));
        }
    }

    @Override
    public void write(Message message, String component, Object... arguments) {
        if (message.severity().compareTo(minimum) >= 0) {
            writeLimited(message, component, arguments);
        }
    }

    private synchronized void writeLimited(Message message, String component, Object... arguments) {
        List<RepeatLimiter.Summary> summaries = new ArrayList<>();
        boolean written = limiter.onMessage(clock.nanoTime(), message, component, summaries);
        summaries.forEach(this::writeSummary);
        if (written) {
            emit(LogLine.of(wallClock.now(), message, component, arguments));
            if (!message.hint().isEmpty()) {
                emit(LogLine.of(wallClock.now(), message, HINT, component, message.hint()));
            }
        }
    }

    /** Writes the summaries of repeats that are due; call about once a minute. */
    public synchronized void writeDueSummaries() {
        limiter.due(clock.nanoTime()).forEach(this::writeSummary);
    }

    private void writeSummary(RepeatLimiter.Summary summary) {
        Message message = summary.message();
        String text =
                String.format(Locale.ROOT, "%s: %d more times since it was last written", message, summary.count());
        emit(LogLine.of(wallClock.now(), message, message.severity().name(), summary.component(), text));
    }

    private void emit(LogLine line) {
        LogSink other = syslog;
        if (other != null) {
            other.accept(line);
        }
        if (other == null || toStderr(settings) || line.severity().compareTo(Severity.FATAL) >= 0) {
            stderr.accept(line);
        }
    }

    private static boolean toSyslog(LogSettings settings) {
        return settings.destinations().contains(LogDestination.SYSLOG);
    }

    private static boolean toStderr(LogSettings settings) {
        return settings.destinations().contains(LogDestination.STDERR);
    }

    /** Waits, for a second at most, until what was written has arrived. Call before the process ends. */
    public void flush() {
        LogSink other = syslog;
        try {
            stderr.awaitEmpty(FLUSH_MILLIS);
            if (other != null) {
                other.awaitEmpty(FLUSH_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
