package io.github.pgconmgr.attribute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.state.TransitionTable;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Checks by SQL: when an instance is asked, and when its silence means something (ADR 10). */
class SqlLinkTest {

    private static final CheckFailure.Kind ERROR = CheckFailure.Kind.ERROR;
    private static final CheckFailure.Kind NO_ANSWER = CheckFailure.Kind.NO_ANSWER;
    private static final CheckFailure.Kind REFUSED = CheckFailure.Kind.REFUSED;

    @Test
    void itConnectsAsSoonAsItIsReadyAndNoSooner() {
        CheckHarness h = new CheckHarness(CheckHarness.config(20_000, 1_000));
        h.link.onStart(h.now());
        h.tickAfterMillis(2_000);
        assertEquals(List.of("prepare"), h.done);
        h.link.onReady(h.now());
        assertEquals(List.of("prepare", "connect"), h.done);
    }

    @Test
    void theFirstAnswerMakesItAliveAndTheNextQuestionIsDueOneIntervalAfterTheFirst() {
        CheckHarness h = CheckHarness.connecting();
        h.clock.advanceMillis(300);
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(List.of("alive"), h.done);
        assertEquals(h.now() + 700_000_000L, h.link.nextDeadlineNanos());
        h.tickAfterNanos(700_000_000L - 1);
        assertEquals(List.of("alive"), h.done);
        h.tickAfterNanos(1);
        assertEquals(List.of("alive", "check"), h.done);
    }

    @Test
    void oneQuestionIsOutAtATimeHoweverSlowTheAnswer() {
        CheckHarness h = CheckHarness.alive();
        h.tickAfterMillis(1_000);
        h.tickAfterMillis(5_000);
        assertEquals(List.of("check"), h.done);
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(List.of("check", "checked", "check"), h.done, "the next one is overdue");
    }

    @Test
    void silenceIsJudgedJustAfterTheTimeoutSinceTheLastAnswer() {
        CheckHarness h = CheckHarness.alive();
        h.tickAfterMillis(1_000);
        h.tickAfterNanos(19_000_000_000L);
        assertEquals(Liveness.ALIVE, h.link.liveness());
        assertEquals(h.now() + 1, h.link.nextDeadlineNanos());
        h.done.clear();
        h.tickAfterNanos(1);
        assertEquals(
                List.of(
                        "remark: check by SQL failed: no answer to SQL for 20.0 s",
                        "close",
                        "down: no answer to SQL for 20.0 s"),
                h.done);
    }

    @Test
    void anAnswerAtTheLastMomentIsHeard() {
        CheckHarness h = CheckHarness.alive();
        h.tickAfterMillis(1_000);
        h.tickAfterMillis(19_000);
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        h.tickAfterNanos(1);
        assertEquals(Liveness.ALIVE, h.link.liveness());
    }

    @Test
    void itsSilenceWhileItWasNotAskedIsOurs() {
        CheckHarness h = CheckHarness.alive();
        h.clock.advanceMillis(60_000);
        h.link.onStall(h.now(), 59_000_000_000L);
        h.link.onTick(h.now());
        assertEquals(List.of("check"), h.done);
        h.tickAfterMillis(20_000);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "nineteen seconds, and the allowance of one");
        h.tickAfterNanos(1);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void aQuestionThatIsOutOverAStallHasTimeToBeAnsweredAfterIt() {
        CheckHarness h = CheckHarness.alive();
        h.tickAfterMillis(1_000);
        h.clock.advanceMillis(60_000);
        h.link.onStall(h.now(), 59_900_000_000L);
        h.link.onTick(h.now());
        assertEquals(Liveness.ALIVE, h.link.liveness());
        h.tickAfterMillis(999);
        assertEquals(Liveness.ALIVE, h.link.liveness());
        h.tickAfterMillis(1);
        assertEquals(Liveness.DOWN, h.link.liveness(), "one interval at most");
    }

    @Test
    void stallsOfOursTogetherDelayAJudgementByOneIntervalAtMost() {
        CheckHarness h = CheckHarness.alive();
        h.tickAfterMillis(1_000);
        for (int i = 0; i < 19; i++) {
            h.clock.advanceMillis(1_000);
            h.link.onStall(h.now(), 900_000_000L);
            h.link.onTick(h.now());
        }
        h.tickAfterNanos(1_000_000_000L);
        assertEquals(Liveness.ALIVE, h.link.liveness());
        h.tickAfterNanos(1);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void aLostConnectionMakesItSuspectAndIsMadeAnewAtOnce() {
        CheckHarness h = CheckHarness.alive();
        h.tickAfterMillis(3_000);
        h.done.clear();
        h.fail(NO_ANSWER, "closed");
        assertEquals(List.of("close", "suspect: closed", "connect"), h.done);
        h.done.clear();
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(List.of("alive"), h.done, "nobody is told");
    }

    @Test
    void aConnectionThatBreaksAfterEachAnswerDoesNotMakeUsSpin() {
        CheckHarness h = CheckHarness.alive();
        h.tickAfterMillis(1_000);
        h.fail(NO_ANSWER, "closed");
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        h.link.askNow(h.now());
        h.done.clear();
        h.fail(NO_ANSWER, "closed");
        assertEquals(List.of("close", "suspect: closed"), h.done);
        h.tickAfterMillis(999);
        assertEquals(List.of("close", "suspect: closed"), h.done);
        h.tickAfterMillis(1);
        assertEquals(List.of("close", "suspect: closed", "connect"), h.done);
    }

    @Test
    void aRefusedPortMakesASuspectDown() {
        CheckHarness h = CheckHarness.suspect();
        h.fail(REFUSED, "refused");
        assertEquals(List.of("close", "remark: check by SQL failed: refused", "down: refused"), h.done);
    }

    @Test
    void anotherPostmasterMeansThatTheOldSessionsAreGone() {
        CheckHarness h = CheckHarness.suspect();
        h.answer(CheckHarness.START + 1, CheckHarness.PRIMARY);
        assertEquals(List.of("postmaster changed", "alive"), h.done);
    }

    @Test
    void aSuspectThatSaysNothingIsDownJustAfterTheTimeoutSinceItsLastAnswer() {
        CheckHarness h = CheckHarness.suspect();
        h.fail(NO_ANSWER, "nothing");
        h.tickAfterMillis(10_000);
        h.fail(NO_ANSWER, "nothing");
        h.clock.advanceMillis(8_999);
        h.link.onTick(h.now());
        assertEquals(Liveness.SUSPECT, h.link.liveness());
        h.clock.advanceMillis(1);
        h.link.onTick(h.now());
        assertEquals(Liveness.SUSPECT, h.link.liveness(), "at the timeout");
        h.tickAfterNanos(1);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void anErrorOfTheServersKeepsASuspectFromBeingTakenForDead() {
        CheckHarness h = CheckHarness.suspect();
        for (int i = 0; i < 100; i++) {
            h.fail(ERROR, "sorry, too many clients already (SQLSTATE 53300)");
            h.tickAfterMillis(1_000);
        }
        assertEquals(Liveness.SUSPECT, h.link.liveness());
        assertEquals(1, h.log.count(Message.CHECK_FAILED), "logged once");
    }

    @Test
    void anErrorAtTheStartMakesItDownIsSaidOnceAndShownUntilItIsOver() {
        CheckHarness h = CheckHarness.connecting();
        for (int i = 0; i < 3; i++) {
            h.fail(ERROR, "no password");
            h.tickAfterMillis(1_000);
        }
        assertEquals(
                List.of(
                        "close",
                        "remark: check by SQL failed: no password",
                        "down: no password",
                        "connect",
                        "close",
                        "connect",
                        "close",
                        "connect"),
                h.done);
        assertEquals(List.of("instance 0: check by SQL failed: no password"), h.log.texts(Message.CHECK_FAILED));
        h.done.clear();
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(List.of("alive", "remark: "), h.done);
    }

    @Test
    void anAttemptThatTakesTooLongIsGivenUpJustAfterItsLimit() {
        CheckHarness h = CheckHarness.connecting();
        h.tickAfterMillis(10_000);
        assertEquals(List.of(), h.done);
        h.tickAfterNanos(1);
        assertEquals("down: no answer within 10.0 s", h.done.get(h.done.size() - 1));
        h.tickAfterMillis(1_000);
        assertEquals("connect", h.done.get(h.done.size() - 1));
    }

    @Test
    void theAnswerOfAnAttemptThatWasGivenUpIsIgnored() {
        CheckHarness h = CheckHarness.connecting();
        long old = h.attempt;
        h.tickAfterMillis(10_001);
        h.tickAfterMillis(1_000);
        h.done.clear();
        h.link.onAnswer(
                h.now(), old, new CheckAnswer(CheckHarness.facts(CheckHarness.START, CheckHarness.PRIMARY), false));
        h.link.onFailure(h.now(), old, new CheckFailure(ERROR, "late"));
        assertEquals(List.of(), h.done);
    }

    @Test
    void askedAtOnceWhileAQuestionIsOutItAsksAgainBehindIt() {
        CheckHarness h = CheckHarness.alive();
        h.link.askNow(h.now());
        assertEquals(List.of("check"), h.done);
        h.link.askNow(h.now());
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(List.of("check", "checked", "check"), h.done);
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(List.of("check", "checked", "check", "checked"), h.done);
    }

    @Test
    void aStandbysTimelineDoesNotGoBackUnderOnePostmaster() {
        CheckHarness h = CheckHarness.connecting();
        h.answer(CheckHarness.START, onTimeline(true, 3));
        h.tickAfterMillis(1_000);
        h.answer(CheckHarness.START, onTimeline(true, 2));
        assertEquals(3, h.told.state().timeline(), "it does not receive just now");
        h.tickAfterMillis(1_000);
        h.answer(CheckHarness.START, onTimeline(false, 2));
        assertEquals(2, h.told.state().timeline(), "a primary knows its own");
        h.tickAfterMillis(1_000);
        h.fail(NO_ANSWER, "closed");
        h.answer(CheckHarness.START + 1, onTimeline(true, 1));
        assertEquals(1, h.told.state().timeline(), "another postmaster");
    }

    private static InstanceState onTimeline(boolean inRecovery, int timeline) {
        return new InstanceState(inRecovery, inRecovery, false, timeline, 100);
    }

    @Test
    void aTimeoutThatIsNotLongerThanTheCheckIntervalIsAlwaysAbnormal() {
        CheckHarness h = new CheckHarness(CheckHarness.config(20_000, 20_000));
        h.link.onStart(h.now());
        h.link.onReady(h.now());
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(Liveness.DOWN, h.link.liveness());
        h.tickAfterMillis(20_000);
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        h.tickAfterMillis(20_000);
        h.tickAfterMillis(20_001);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void aShorterTimeoutHoldsFromTheNextAnswerOnAndAShorterPaceAtOnce() {
        CheckHarness h = CheckHarness.alive();
        h.tickAfterMillis(1_000);
        h.tickAfterMillis(5_000);
        h.link.onReload(h.now(), CheckHarness.config(3_000, 100));
        h.link.onTick(h.now());
        assertEquals(Liveness.ALIVE, h.link.liveness());
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        h.tickAfterMillis(100);
        h.tickAfterMillis(2_901);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void aRestingLinkIsAskedByTheNewPace() {
        CheckHarness h = CheckHarness.alive();
        h.link.onReload(h.now(), CheckHarness.config(20_000, 100));
        h.tickAfterMillis(100);
        assertEquals(List.of("check"), h.done);
    }

    @Test
    void afterTheStopNothingHappens() {
        CheckHarness h = CheckHarness.alive();
        h.link.onStop(h.now());
        h.tickAfterMillis(60_000);
        h.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(List.of("close"), h.done);
    }

    @Test
    void everyPairOfStateAndEventIsListedOrCannotHappen() {
        assertEquals(
                Set.of(
                        // Only a session holder has an old postmaster or a connection to lose.
                        "UNKNOWN NEW_POSTMASTER",
                        "UNKNOWN LOST",
                        "UNKNOWN SILENT",
                        "DOWN NEW_POSTMASTER",
                        // ALIVE means that the connection stands: no attempt runs.
                        "ALIVE NEW_POSTMASTER",
                        "ALIVE ALWAYS_ABNORMAL",
                        "ALIVE ATTEMPT_FAILED",
                        "ALIVE REFUSED",
                        // SUSPECT means that it does not; settings that are abnormal never let it be ALIVE.
                        "SUSPECT LOST",
                        "SUSPECT ALWAYS_ABNORMAL"),
                unlisted(CheckedLiveness.TABLE, Liveness.values(), CheckedLiveness.Event.values()));
        assertEquals(
                Set.of(
                        "WAITING ANSWERED",
                        "WAITING CHECK_DUE",
                        "WAITING ATTEMPT_FAILED",
                        "WAITING LOST",
                        "CONNECTING ATTEMPT_DUE",
                        "CONNECTING CHECK_DUE",
                        "CONNECTING LOST",
                        // Only a connection that stands is left.
                        "WAITING LEFT",
                        "CONNECTING LEFT",
                        // Nobody reads while it rests: the next check finds out.
                        "RESTING ATTEMPT_DUE",
                        "RESTING ANSWERED",
                        "RESTING ATTEMPT_FAILED",
                        "RESTING LOST",
                        "CHECKING ATTEMPT_DUE",
                        "CHECKING CHECK_DUE",
                        "CHECKING ATTEMPT_FAILED"),
                unlisted(CheckPhase.TABLE, CheckPhase.values(), CheckPhase.Event.values()));
    }

    private static <S extends Enum<S>, E extends Enum<E>> Set<String> unlisted(
            TransitionTable<S, E> table, S[] states, E[] events) {
        Set<String> pairs = new TreeSet<>();
        for (S state : states) {
            for (E event : events) {
                if (!table.allows(state, event)) {
                    pairs.add(state + " " + event);
                }
            }
        }
        return pairs;
    }

    @Test
    void aRoleThatMayNotSeeTheTimelineIsNamedOnce() {
        CheckHarness h = CheckHarness.connecting();
        for (int i = 0; i < 3; i++) {
            h.link.onAnswer(
                    h.now(),
                    h.attempt,
                    new CheckAnswer(CheckHarness.facts(CheckHarness.START, CheckHarness.STANDBY), true));
            h.tickAfterMillis(1_000);
        }
        assertEquals(1, h.log.count(Message.CHECK_HIDES_TIMELINE));
        assertTrue(h.link.nextDeadlineNanos() - h.now() > 0);
    }

    @Test
    void whoIsToLeaveDoesSoAndComesBackAtTheOrdinaryPace() {
        CheckHarness harness = CheckHarness.alive();
        harness.link.leave(harness.now());
        assertEquals(List.of("close", "suspect: the instance is shutting down"), harness.done);
        harness.tickAfterMillis(999);
        assertEquals(2, harness.done.size());
        harness.tickAfterMillis(1);
        assertEquals("connect", harness.done.get(2));
        // Nothing stands that could be left.
        harness.link.leave(harness.now());
        assertEquals(3, harness.done.size());
    }

    @Test
    void anAnswerIsAsOldAsItsQuestion() {
        CheckHarness harness = CheckHarness.alive();
        harness.tickAfterMillis(1_000);
        long asked = harness.now();
        harness.clock.advanceMillis(300);
        harness.answer(CheckHarness.START, CheckHarness.PRIMARY);
        assertEquals(OptionalLong.of(asked), harness.told.askedNanos());
    }
}
