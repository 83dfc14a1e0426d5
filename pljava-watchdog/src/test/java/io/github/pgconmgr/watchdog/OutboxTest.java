package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.tick.LogLine;
import io.github.pgconmgr.watchdog.tick.TickOutput;
import io.github.pgconmgr.wire.Id128;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final Judgement JUDGEMENT =
            new Judgement(new PeerAddress(false, 1, 0), new Id128(0, 1), "", Judgement.Reason.TIMEOUT, 0, 0);

    private final Outbox outbox = new Outbox();

    private boolean put(@Nullable List<PeerRow> rows, int judgements, int lines, LogLevel level) {
        return outbox.put(new Outbox.Turn(
                rows,
                rows != null,
                Collections.nCopies(judgements, JUDGEMENT),
                Collections.nCopies(lines, new LogLine(level, "line")),
                false,
                false));
    }

    @Test
    void aThousandJudgementsATickAndTheRowsOnlyWithTheLast() {
        put(List.of(), 2001, 0, LogLevel.LOG);
        TickOutput first = outbox.take();
        assertEquals(1000, first.judgements().size());
        assertNull(first.rows(), "a row must not vanish from shared memory before its judgement is there");
        assertTrue(outbox.hasMore());
        assertEquals(1000, outbox.take().judgements().size());
        TickOutput last = outbox.take();
        assertEquals(1, last.judgements().size());
        assertEquals(List.of(), last.rows());
        assertFalse(outbox.hasMore());
    }

    @Test
    void rowsAreHandedOutOnceForEachChange() {
        put(List.of(), 0, 0, LogLevel.LOG);
        assertEquals(List.of(), outbox.take().rows());
        put(null, 0, 1, LogLevel.LOG);
        assertNull(outbox.take().rows());
    }

    @Test
    void sixtyFourLinesATickAndTheRestIsCountedWhenTooManyWait() {
        put(null, 0, Outbox.MAX_QUEUED_LINES + 5, LogLevel.LOG);
        for (int i = 0; i < Outbox.MAX_QUEUED_LINES / TickOutput.MAX_LOG_LINES; i++) {
            assertEquals(TickOutput.MAX_LOG_LINES, outbox.take().log().size());
            assertTrue(outbox.hasMore());
        }
        assertEquals(
                List.of(new LogLine(LogLevel.LOG, "5 log lines were dropped")),
                outbox.take().log());
        assertFalse(outbox.hasMore());
    }

    @Test
    void debugLinesNeverPushOutOthers() {
        put(null, 0, 10_000, LogLevel.DEBUG1);
        put(null, 0, 1, LogLevel.WARNING);
        assertEquals(TickOutput.MAX_LOG_LINES, outbox.take().log().size());
        assertEquals(LogLevel.WARNING, outbox.take().log().get(0).level());
    }

    @Test
    void cIsWokenForWhatMattersOnly() {
        assertFalse(put(null, 0, 0, LogLevel.LOG));
        assertFalse(put(null, 0, 1, LogLevel.DEBUG1));
        assertTrue(put(null, 0, 1, LogLevel.LOG));
        assertTrue(put(null, 1, 0, LogLevel.LOG));
        assertTrue(put(List.of(), 0, 0, LogLevel.LOG));
        assertTrue(outbox.put(new Outbox.Turn(null, false, List.of(), List.of(), true, false)));
        assertFalse(outbox.put(new Outbox.Turn(null, false, List.of(), List.of(), true, false)));
    }

    @Test
    void rowsWithNewerTimesWaitForTheNextTick() {
        assertFalse(outbox.put(new Outbox.Turn(List.of(), false, List.of(), List.of(), false, false)));
        assertEquals(List.of(), outbox.take().rows());
    }

    @Test
    void aFailureOfTheLoopIsThrownByEveryTickAfterIt() {
        Error cause = new OutOfMemoryError("planted");
        outbox.fail(cause);
        assertSame(
                cause, assertThrows(IllegalStateException.class, outbox::take).getCause());
        assertThrows(IllegalStateException.class, outbox::take);
    }
}
