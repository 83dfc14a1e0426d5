package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.scripted.ManualClock;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Read before judging (ADR 4). The embedded loop's frozen time and the clock are moved together. */
class LoopTurnTest {

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final ManualClock clock = new ManualClock();
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final List<String> done = new ArrayList<>();
    private long deadline = clock.nanoTime() + INTERVAL;
    private final LoopTurn turn =
            new LoopTurn(loop.eventLoop(), clock, TimeUnit.MILLISECONDS.toNanos(100), new LoopTurn.Listener() {
                @Override
                public void onStall(long nowNanos, long stallNanos) {
                    done.add("stall " + TimeUnit.NANOSECONDS.toMillis(stallNanos));
                }

                @Override
                public void onTick(long nowNanos) {
                    done.add("tick");
                    deadline = nowNanos + INTERVAL;
                }

                @Override
                public long nextDeadlineNanos() {
                    return deadline;
                }
            });

    @BeforeEach
    void begin() {
        loop.freezeTime();
        turn.begin();
        loop.runPendingTasks();
    }

    private void advance(long millis) {
        clock.advanceMillis(millis);
        loop.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    }

    private void runDue() {
        loop.runScheduledPendingTasks();
        loop.runPendingTasks();
    }

    @Test
    void theTickComesAtTheDeadlineAndNotBefore() {
        advance(999);
        runDue();
        assertEquals(List.of(), done);
        advance(1);
        runDue();
        assertEquals(List.of("tick"), done);
    }

    @Test
    void anOrdinaryLatenessIsNoStall() {
        advance(1100);
        runDue();
        assertEquals(List.of("tick"), done);
    }

    @Test
    void afterAStallTheJudgementWaitsForOneMorePassOfTheLoop() {
        advance(3000);
        runDue();
        assertEquals(List.of("stall 2000"), done);
        advance(1);
        runDue();
        assertEquals(List.of("stall 2000", "tick"), done);
    }

    @Test
    void aStallIsReportedBeforeTheFirstEventOfTheTurn() {
        advance(3000);
        turn.begin();
        done.add("frame");
        assertEquals(List.of("stall 2000", "frame"), done);
    }

    @Test
    void theClockIsReadOncePerTurn() {
        long first = turn.begin();
        clock.advanceMillis(5);
        assertEquals(first, turn.begin());
        loop.runPendingTasks();
        assertEquals(first + TimeUnit.MILLISECONDS.toNanos(5), turn.begin());
    }

    @Test
    void anEarlierDeadlineMovesTheTimerForward() {
        deadline = clock.nanoTime() + INTERVAL / 2;
        turn.begin();
        loop.runPendingTasks();
        advance(500);
        runDue();
        assertEquals(List.of("tick"), done);
    }

    @Test
    void nothingTicksAfterTheStop() {
        turn.stop();
        advance(5000);
        runDue();
        assertEquals(List.of(), done);
    }
}
