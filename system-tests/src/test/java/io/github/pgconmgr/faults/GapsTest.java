package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.SilentGap;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapsTest {

    private static final long MS = 1_000_000;

    @Test
    void aGapOfTheTimeoutExplainsItsJudgementAndTheSessionsThatEnd() {
        Gaps gaps = gaps(List.of(gap(1000, 1400)), List.of(down(1301)));
        assertEquals(List.of(), gaps.compare(List.of(ended(1310))));
        assertEquals(1, gaps.reaching());
        assertEquals(1, gaps.silences());
    }

    @Test
    void aJudgementAfterAShorterGapIsAFalseAlarm() {
        Gaps gaps = gaps(List.of(gap(1000, 1250)), List.of(down(1240)));
        assertEquals(1, gaps.compare(List.of()).size());
        assertEquals(0, gaps.reaching());
    }

    @Test
    void aJudgementLongAfterTheGapIsAFalseAlarm() {
        assertEquals(
                1,
                gaps(List.of(gap(1000, 1350)), List.of(down(1501)))
                        .compare(List.of())
                        .size());
    }

    @Test
    void aJudgementMayBeWrittenDownLateIfItsGapReachedTheTimeout() {
        assertEquals(
                List.of(), gaps(List.of(gap(1000, 1300)), List.of(down(1450))).compare(List.of()));
        assertEquals(
                1,
                gaps(List.of(gap(1000, 1299)), List.of(down(1330)))
                        .compare(List.of())
                        .size());
    }

    @Test
    void theOtherDirectionsGapExplainsNothing() {
        SilentGap other = new SilentGap("app1", "db1", 1000 * MS, 1400 * MS, true);
        assertEquals(
                1, gaps(List.of(other), List.of(down(1301))).compare(List.of()).size());
    }

    @Test
    void aLongGapWithoutAJudgementIsADeadLinkThatWasKept() {
        assertEquals(
                1, gaps(List.of(gap(1000, 1600)), List.of()).compare(List.of()).size());
        assertEquals(List.of(), gaps(List.of(gap(1000, 1420)), List.of()).compare(List.of()));
    }

    @Test
    void aGapThatGoesOnAtTheEndExplainsAJudgement() {
        SilentGap open = new SilentGap("db1", "app1", 1000 * MS, Long.MAX_VALUE, false);
        assertEquals(List.of(), gaps(List.of(open), List.of(down(1301))).compare(List.of()));
    }

    @Test
    void ofAConnectionThatWasGivenUpALongGapProvesNothing() {
        SilentGap over = new SilentGap("db1", "app1", 1000 * MS, 1600 * MS, false);
        assertEquals(List.of(), gaps(List.of(over), List.of()).compare(List.of()));
        assertEquals(List.of(), gaps(List.of(over), List.of(down(1301))).compare(List.of()));
        assertEquals(
                1, gaps(List.of(over), List.of(down(1800))).compare(List.of()).size());
    }

    @Test
    void aSessionThatEndsWithoutAJudgementWasCut() {
        Gaps gaps = gaps(List.of(gap(1000, 1400)), List.of(down(1301)));
        assertEquals(1, gaps.compare(List.of(ended(1200))).size());
    }

    private static Gaps gaps(List<SilentGap> gaps, List<Judgement> judgements) {
        return new Gaps(gaps, judgements, Settings.SHARP, name -> name);
    }

    private static SilentGap gap(long beginMillis, long endMillis) {
        return new SilentGap("db1", "app1", beginMillis * MS, endMillis * MS, true);
    }

    private static Judgement down(long millis) {
        return new Judgement(millis * MS, "app1", "db1", true);
    }

    private static Session ended(long millis) {
        Session session = new Session("app1-j1", "app1", "db1", "11", 0);
        session.ended(new Session.End(millis * MS, "08006", "gone"));
        return session;
    }
}
