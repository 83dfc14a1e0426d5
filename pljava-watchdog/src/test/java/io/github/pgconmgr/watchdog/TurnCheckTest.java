package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnCheckTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final TurnCheck check = new TurnCheck();
    private long now = Long.MAX_VALUE - 5 * SECOND;

    private boolean tick(long afterNanos, long turns) {
        now += afterNanos;
        return check.isStuck(now, turns);
    }

    @Test
    void aThreadThatTakesItsTurnsIsNotStuck() {
        for (int turns = 0; turns < 30; turns++) {
            assertFalse(tick(SECOND, turns));
        }
    }

    @Test
    void noTurnForTheWholeLimitIsStuck() {
        assertFalse(tick(0, 7));
        for (int i = 0; i < 9; i++) {
            assertFalse(tick(SECOND, 7));
        }
        assertFalse(tick(SECOND - 1, 7));
        assertTrue(tick(1, 7));
    }

    @Test
    void aTurnBeginsTheWaitAnew() {
        assertFalse(tick(0, 7));
        for (int i = 0; i < 9; i++) {
            assertFalse(tick(SECOND, 7));
        }
        assertFalse(tick(SECOND, 8));
        assertFalse(tick(9 * SECOND, 8));
    }

    @Test
    void aStandstillOfTheWholeProcessIsNotHeldAgainstTheThread() {
        assertFalse(tick(0, 7));
        assertFalse(tick(3600 * SECOND, 7));
        assertFalse(tick(SECOND, 8));
    }

    @Test
    void withRareTicksThreeAreEnough() {
        assertFalse(tick(0, 7));
        assertFalse(tick(600 * SECOND, 7));
        assertFalse(tick(600 * SECOND, 7));
        assertTrue(tick(600 * SECOND, 7));
    }
}
