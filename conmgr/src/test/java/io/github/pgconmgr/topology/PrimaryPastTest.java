package io.github.pgconmgr.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Since when a standby may be behind, with times and LSNs of one digit. */
class PrimaryPastTest {

    private static final long KEEP = 6_400;

    private final PrimaryPast past = new PrimaryPast();

    PrimaryPastTest() {
        past.keep(KEEP);
    }

    private void primary(long nanos, int timeline, long lsn) {
        past.observe(new InstanceState(false, false, false, timeline, lsn), nanos);
    }

    private OptionalLong standby(int timeline, long lsn) {
        return past.caughtUpNanos(new InstanceState(true, true, false, timeline, lsn));
    }

    @Test
    void aStandbyHasWhatThePrimaryHadAtTheLatestTimeAtWhichItHadNoMore() {
        primary(1_000, 1, 10);
        primary(2_000, 1, 20);
        primary(3_000, 1, 30);
        assertEquals(OptionalLong.empty(), standby(1, 9));
        assertEquals(OptionalLong.of(1_000), standby(1, 10));
        assertEquals(OptionalLong.of(1_000), standby(1, 19));
        assertEquals(OptionalLong.of(2_000), standby(1, 20));
        assertEquals(OptionalLong.of(3_000), standby(1, 99));
    }

    @Test
    void onAnIdlePrimaryNobodyFallsBehind() {
        primary(1_000, 1, 10);
        primary(900_000, 1, 10);
        assertEquals(OptionalLong.of(900_000), standby(1, 10));
    }

    @Test
    void aPrimaryThatIsNotHeardProvesNothingNew() {
        primary(1_000, 1, 10);
        // The same answer, and one that came out of order.
        primary(1_000, 1, 11);
        primary(500, 1, 12);
        assertEquals(OptionalLong.of(1_000), standby(1, 12));
    }

    @Test
    void whatAnotherTimelineHadIsNoMeasure() {
        primary(1_000, 1, 10);
        assertEquals(OptionalLong.empty(), standby(2, 10));
        primary(2_000, 2, 10);
        assertEquals(OptionalLong.empty(), standby(1, 99));
        assertEquals(OptionalLong.of(2_000), standby(2, 10));
    }

    @Test
    void lsnsAreUnsignedAndAStepBackForgetsTheRest() {
        primary(1_000, 1, Long.MAX_VALUE);
        primary(2_000, 1, Long.MIN_VALUE);
        assertEquals(OptionalLong.of(1_000), standby(1, Long.MAX_VALUE));
        primary(3_000, 1, 5);
        assertEquals(OptionalLong.of(3_000), standby(1, 5));
    }

    @Test
    void withoutALimitNothingIsKept() {
        primary(1_000, 1, 10);
        past.keep(0);
        primary(2_000, 1, 20);
        assertEquals(OptionalLong.empty(), standby(1, 99));
    }

    /** Against all that was ever written, kept by the test. */
    @Test
    void theAnswerIsNeverTooYoungAndByAGapTooOldAtMost() {
        Random random = new Random(11);
        long[] lsns = new long[20_000];
        long lsn = 1;
        for (int now = 1; now < lsns.length; now++) {
            lsn += random.nextInt(4) == 0 ? random.nextInt(3) : 0;
            lsns[now] = lsn;
            primary(now, 1, lsn);
            long replayed = Math.max(1, lsn - random.nextInt(200));
            int exact = now;
            while (exact > 0 && lsns[exact] > replayed) {
                exact--;
            }
            OptionalLong answer = standby(1, replayed);
            if (now - exact <= KEEP && exact > 0) {
                long said = answer.orElseThrow();
                assertTrue(said <= exact && exact - said <= KEEP / 64 + 1, said + " for " + exact + " at " + now);
            } else {
                assertTrue(answer.isEmpty() || answer.getAsLong() <= exact);
            }
        }
    }
}
