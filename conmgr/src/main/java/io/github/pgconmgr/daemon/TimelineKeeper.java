package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.topology.TimelineMemory;
import io.github.pgconmgr.topology.TimelineRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes timeline records on a thread of its own ({@code timeline}): a slow disk must not delay a heartbeat. One write at a time,
 * and of those that wait only the newest. One that fails is logged and tried again; one that takes too long is given up waiting
 * for, not given up.
 *
 * <p>Confined to the heartbeat loop, but for the writing itself and {@link #close}.
 */
final class TimelineKeeper implements TimelineMemory, AutoCloseable {

    /** A primary waits no longer than this for the disk. */
    static final long LIMIT_MILLIS = 1_000;

    static final long RETRY_MILLIS = 10_000;

    /** What a record is written to. */
    @FunctionalInterface
    interface Disk {
        void write(@Nullable TimelineRecord record) throws IOException;
    }

    /** Runs tasks on the heartbeat loop, at once or later. */
    interface Loop extends Executor {
        void later(Runnable task, long millis);
    }

    private static final class Job {
        private final @Nullable TimelineRecord record;
        private @Nullable Consumer<@Nullable TimelineRecord> whenKept;

        Job(@Nullable TimelineRecord record, Consumer<@Nullable TimelineRecord> whenKept) {
            this.record = record;
            this.whenKept = whenKept;
        }

        boolean isAwaited() {
            return whenKept != null;
        }

        void settle() {
            Consumer<@Nullable TimelineRecord> told = whenKept;
            whenKept = null;
            if (told != null) {
                told.accept(record);
            }
        }
    }

    private final Disk disk;
    private final String fileName;
    private final Loop loop;
    private final Log log;
    private final ExecutorService thread;
    private @Nullable Job newest;
    private boolean writing;

    TimelineKeeper(Disk disk, String fileName, Loop loop, Log log) {
        this.disk = disk;
        this.fileName = fileName;
        this.loop = loop;
        this.log = log;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "timeline");
            made.setDaemon(true);
            return made;
        });
    }

    @Override
    public void keep(@Nullable TimelineRecord record, Consumer<@Nullable TimelineRecord> whenKept) {
        Job job = new Job(record, whenKept);
        newest = job;
        loop.later(() -> giveUpWaiting(job), LIMIT_MILLIS);
        if (!writing) {
            write(job);
        }
    }

    private void write(Job job) {
        writing = true;
        var unused = CompletableFuture.runAsync(() -> writeOrThrow(job.record), thread)
                .whenCompleteAsync((nothing, failure) -> onWritten(job, failure), loop);
    }

    private void writeOrThrow(@Nullable TimelineRecord record) {
        try {
            disk.write(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onWritten(Job job, @Nullable Throwable failure) {
        writing = false;
        if (failure == null) {
            log.write(Message.TIMELINE_KEPT, Daemon.COMPONENT, job.record == null ? "nothing" : job.record.text());
        } else {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            log.write(Message.TIMELINE_NOT_KEPT, Daemon.COMPONENT, fileName, String.valueOf(cause.getMessage()));
            loop.later(() -> retry(job), RETRY_MILLIS);
        }
        if (job == newest) {
            job.settle();
        } else if (newest != null) {
            write(newest);
        }
    }

    private void retry(Job job) {
        if (job == newest && !writing) {
            write(job);
        }
    }

    private void giveUpWaiting(Job job) {
        if (job == newest && job.isAwaited()) {
            log.write(Message.TIMELINE_NOT_KEPT, Daemon.COMPONENT, fileName, "not done within " + LIMIT_MILLIS + " ms");
            job.settle();
        }
    }

    /** Lets the write that runs come to its end, for a second at most. Any thread; blocks. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                log.write(Message.TIMELINE_NOT_KEPT, Daemon.COMPONENT, fileName, "conmgr is ending");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
