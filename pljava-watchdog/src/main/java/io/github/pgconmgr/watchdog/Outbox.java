package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.tick.LogLine;
import io.github.pgconmgr.watchdog.tick.TickOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What the I/O thread has for the next tick. A turn is taken over as a whole, so that a row never vanishes from shared memory
 * before its judgement is there.
 *
 * <p>Shared: guarded by its own monitor, held for copying only.
 */
final class Outbox {

    /** More lines than this are counted, not kept; DEBUG1 lines give way earlier, uncounted. */
    static final int MAX_QUEUED_LINES = 256;

    private final Queue<Judgement> judgements = new ArrayDeque<>();
    private final Queue<LogLine> log = new ArrayDeque<>();
    private int droppedLines;
    private @Nullable List<PeerRow> rows;
    private boolean listening;
    private boolean goodbyesSent;
    private @Nullable Throwable failure;

    /**
     * What one turn of the loop leaves. Immutable.
     *
     * @param rows null if there is nothing new about them
     * @param rowsChanged C should have them at once; else they only say newer times
     */
    record Turn(
            @Nullable List<PeerRow> rows,
            boolean rowsChanged,
            List<Judgement> judgements,
            List<LogLine> log,
            boolean listening,
            boolean goodbyesSent) {}

    /**
     * Takes over a turn.
     *
     * @return whether C should come for it at once
     */
    synchronized boolean put(Turn turn) {
        boolean flagsChanged = turn.listening != listening || turn.goodbyesSent != goodbyesSent;
        listening = turn.listening;
        goodbyesSent = turn.goodbyesSent;
        rows = turn.rows == null ? rows : turn.rows;
        judgements.addAll(turn.judgements);
        turn.log.forEach(this::keep);
        boolean linesToRead = turn.log.stream().anyMatch(line -> line.level() != LogLevel.DEBUG1);
        return flagsChanged || turn.rowsChanged || !turn.judgements.isEmpty() || linesToRead;
    }

    /** Adds a line; the next tick brings it. */
    synchronized void log(LogLevel level, String text) {
        keep(new LogLine(level, text));
    }

    /** Keeps the I/O thread's failure for the next tick. */
    synchronized void fail(Throwable cause) {
        failure = cause;
    }

    /**
     * What goes into this tick.
     *
     * @throws IllegalStateException if the I/O thread has failed: the worker must end and start again
     */
    synchronized TickOutput take() {
        if (failure != null) {
            throw new IllegalStateException("thread watchdog-io failed: " + failure, failure);
        }
        List<Judgement> takenJudgements = takeFrom(judgements, TickOutput.MAX_JUDGEMENTS);
        if (droppedLines > 0 && log.isEmpty()) {
            log.add(new LogLine(LogLevel.LOG, droppedLines + " log lines were dropped"));
            droppedLines = 0;
        }
        List<LogLine> takenLines = takeFrom(log, TickOutput.MAX_LOG_LINES);
        List<PeerRow> takenRows = null;
        if (judgements.isEmpty()) {
            takenRows = rows;
            rows = null;
        }
        return new TickOutput(takenRows, goodbyesSent, listening, takenJudgements, takenLines);
    }

    /** Whether the last tick could not take everything. */
    synchronized boolean hasMore() {
        return !judgements.isEmpty() || !log.isEmpty() || rows != null || droppedLines > 0;
    }

    private void keep(LogLine line) {
        if (line.level() == LogLevel.DEBUG1 && log.size() >= TickOutput.MAX_LOG_LINES) {
            return;
        }
        if (log.size() < MAX_QUEUED_LINES) {
            log.add(line);
        } else {
            droppedLines++;
        }
    }

    private static <T> List<T> takeFrom(Queue<T> queue, int limit) {
        List<T> taken = new ArrayList<>();
        while (taken.size() < limit && !queue.isEmpty()) {
            taken.add(queue.remove());
        }
        return taken;
    }
}
