package io.github.pgconmgr.log;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lines to a stream, as PostgreSQL's server log looks (C5): time with zone, process id, severity, who speaks, text. Each line is
 * one write, so that lines of two processes that append to one file do not mix.
 *
 * <p>Shared: the {@link Backlog} guards itself, the stream belongs to a thread of its own ({@code log}). So nobody waits for a
 * pipe that is not read or a disk that is full; after a failure it tries again every second.
 */
final class StreamSink implements LogSink {

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSS zzz", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private final OutputStream out;
    private final long pid;
    private final NanoClock clock;
    private final Backlog backlog;

    /**
     * @param out never closed; best unbuffered
     */
    StreamSink(OutputStream out, long pid, WallClock wallClock, NanoClock clock) {
        this.out = out;
        this.pid = pid;
        this.clock = clock;
        this.backlog = new Backlog(wallClock);
    }

    /** Starts the thread. */
    static StreamSink start(OutputStream out, long pid, WallClock wallClock, NanoClock clock) {
        StreamSink sink = new StreamSink(out, pid, wallClock, clock);
        Thread thread = new Thread(sink::writeForEver, "log");
        thread.setDaemon(true);
        thread.start();
        return sink;
    }

    @Override
    public void accept(LogLine line) {
        backlog.add(line);
    }

    @Override
    public void awaitEmpty(long limitMillis) throws InterruptedException {
        backlog.awaitEmpty(limitMillis, clock);
    }

    /** Does nothing: stderr is there as long as the process. */
    @Override
    public void close() {}

    private void writeForEver() {
        boolean torn = false;
        try {
            while (true) {
                String text = format(backlog.awaitFirst());
                // A write that failed may have written a part.
                torn = !write(torn ? "\n" + text : text);
                if (torn) {
                    // A pause of this thread alone; waking early does no harm.
                    LockSupport.parkNanos(RETRY_NANOS);
                } else {
                    backlog.done();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String format(LogLine line) {
        return TIME.format(line.time()) + " [" + pid + "] " + line.labelled() + "\n";
    }

    private boolean write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return true;
        } catch (IOException e) {
            // There is nowhere to say it; the count of lost lines will.
            return false;
        }
    }
}
