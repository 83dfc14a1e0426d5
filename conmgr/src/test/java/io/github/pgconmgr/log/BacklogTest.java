package io.github.pgconmgr.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.time.NanoClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A limited number of lines waits, and what is lost is counted. */
class BacklogTest {

    private final Backlog backlog = new Backlog(() -> Lines.TIME);

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            backlog.add(Lines.warning("line " + i));
        }
    }

    private List<String> takeAll() {
        List<String> taken = new ArrayList<>();
        for (LogLine line = backlog.first(); line != null; line = backlog.first()) {
            taken.add(line.text());
            backlog.done();
        }
        return taken;
    }

    @Test
    void whatComesWhileItIsFullIsLostAndCounted() {
        add(Backlog.MAX_LINES);
        add(7);
        List<String> taken = takeAll();
        assertEquals(Backlog.MAX_LINES + 1, taken.size());
        assertEquals("conmgr: line 1999", taken.get(Backlog.MAX_LINES - 1));
        assertEquals(
                "log: 7 lines were lost here: they came faster than they could be written",
                taken.get(Backlog.MAX_LINES));
        assertTrue(backlog.isEmpty());
    }

    @Test
    void theCountStandsWhereTheLinesWouldHaveStood() {
        add(Backlog.MAX_LINES + 3);
        backlog.done();
        backlog.done();
        add(1);
        List<String> taken = takeAll();
        assertTrue(taken.get(taken.size() - 2).contains("3 lines were lost here"));
        assertEquals("conmgr: line 0", taken.get(taken.size() - 1));
    }

    @Test
    void atTheLimitNothingIsLost() {
        add(Backlog.MAX_LINES);
        assertEquals(Backlog.MAX_LINES, takeAll().size());
    }

    @Test
    void aLineThatWasTakenStaysUntilItIsDone() throws InterruptedException {
        add(1);
        assertEquals(backlog.first(), backlog.awaitFirst());
        assertFalse(backlog.isEmpty());
        backlog.done();
        assertTrue(backlog.isEmpty());
    }

    @Test
    void theWaitForTheEndHasALimit() throws InterruptedException {
        backlog.awaitEmpty(60_000, NanoClock.SYSTEM);
        add(1);
        long start = NanoClock.SYSTEM.nanoTime();
        backlog.awaitEmpty(20, NanoClock.SYSTEM);
        assertTrue(NanoClock.SYSTEM.nanoTime() - start >= 20_000_000);
    }
}
