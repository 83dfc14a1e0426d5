package io.github.pgconmgr.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

    @Test
    void aConditionIsAskedUntilItHolds() {
        AtomicInteger calls = new AtomicInteger();
        Await.until("the third call", Duration.ofSeconds(10), () -> calls.incrementAndGet() == 3);
        assertEquals(3, calls.get());
    }

    @Test
    void theLimitEndsTheWaitAndTellsTheLastCause() {
        AssertionError error = assertThrows(
                AssertionError.class,
                () -> Await.until("the impossible", Duration.ofMillis(30), () -> {
                    throw new IOException("refused");
                }));
        assertTrue(error.getMessage().contains("the impossible"));
        assertInstanceOf(IOException.class, error.getCause());
    }

    @Test
    void theFakeClockMovesOnlyWhenToldAndWrapsAround() {
        FakeClock clock = new FakeClock();
        long before = clock.nanoTime();
        assertEquals(before, clock.nanoTime());
        long after = clock.advance(Duration.ofSeconds(10));
        assertTrue(after < 0);
        assertEquals(Duration.ofSeconds(10).toNanos(), after - before);
        assertThrows(IllegalArgumentException.class, () -> clock.advanceNanos(-1));
    }
}
