package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** ADR 1's table for conmgr, row by row, with its deadlines just before, at and just after. */
class InstanceLinkLivenessTest {

    @Test
    void aFailedFirstAttemptMakesAnUnknownInstanceDown() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.link.onConnectFailed(h.now(), h.attempt, "Connection refused");
        assertEquals(List.of("connect 1", "close", "down: Connection refused"), h.done);
    }

    @Test
    void aWelcomeMakesItAliveAndTheFirstBeatGoesAtOnce() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.welcome(LinkHarness.START);
        assertEquals(List.of("connect 1", "send HELLO", "alive 10.0.0.1", "send BEAT"), h.done);
        assertEquals(LinkPhase.BEATING, h.link.phase());
    }

    @Test
    @Proves({"L1", "L4"})
    void silenceIsJudgedAfterTheTimeoutAndNotAtIt() {
        LinkHarness h = LinkHarness.alive();
        h.beatFor(3);
        h.tickAfterNanos(TimeUnit.SECONDS.toNanos(20) - 1);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "just before");
        h.tickAfterNanos(1);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "at the deadline");
        h.done.clear();
        h.tickAfterNanos(1);
        assertEquals(Liveness.DOWN, h.link.liveness(), "just after");
        assertEquals(List.of("close", "down: no heartbeat for 20.0 s"), h.done);
        assertEquals(
                List.of(
                        "instance 0: UNKNOWN -> ALIVE: welcomed by the watchdog",
                        "instance 0: ALIVE -> DOWN: no heartbeat for 20.0 s"),
                h.log.texts(Message.LIVENESS_CHANGED));
    }

    @Test
    @Proves("L4")
    void theNextDeadlineIsTheFirstNanosecondOfSilence() {
        LinkHarness h = new LinkHarness(Samples.heartbeat(10_000, 10_001));
        h.start();
        h.welcome(LinkHarness.START);
        long heard = h.now();
        h.tickAfterMillis(10_000);
        assertEquals(heard + TimeUnit.MILLISECONDS.toNanos(10_001) + 1, h.link.nextDeadlineNanos());
    }

    @Test
    void anyFrameOfTheLinkCountsAsHeard() {
        LinkHarness h = LinkHarness.alive();
        h.tickAfterMillis(20_000);
        h.frame(new StateChange(Samples.STANDBY));
        h.tickAfterMillis(20_000);
        assertEquals(Liveness.ALIVE, h.link.liveness());
    }

    @Test
    void aStallMovesTheDeadlineByItsLength() {
        LinkHarness h = LinkHarness.alive();
        h.clock.advanceMillis(20_000);
        h.link.onStall(h.now(), TimeUnit.SECONDS.toNanos(3));
        h.tickAfterMillis(3_000);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "at the moved deadline");
        h.tickAfterNanos(1);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void stallsMoveTheDeadlineByOneIntervalAtMostAndAFrameTakesItBack() {
        LinkHarness h = LinkHarness.alive();
        h.clock.advanceMillis(20_000);
        h.link.onStall(h.now(), TimeUnit.SECONDS.toNanos(9));
        h.link.onStall(h.now(), TimeUnit.SECONDS.toNanos(9));
        h.tickAfterMillis(10_000);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "at timeout and one interval");
        h.frame(Samples.beat(1));
        h.tickAfterNanos(TimeUnit.SECONDS.toNanos(20) + 1);
        assertEquals(Liveness.DOWN, h.link.liveness(), "no allowance is left after a frame");
    }

    @Test
    void aStallThatEndedBeforeTheLastFrameMovesNothing() {
        LinkHarness h = LinkHarness.alive();
        h.clock.advanceMillis(9_000);
        h.frame(Samples.beat(1));
        h.link.onStall(h.now(), TimeUnit.SECONDS.toNanos(5));
        h.tickAfterNanos(TimeUnit.SECONDS.toNanos(20) + 1);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void aCloseMakesItSuspectAndReconnectsAndProbesAtOnce() {
        LinkHarness h = LinkHarness.alive();
        h.beatFor(1);
        h.link.onClosed(h.now(), h.attempt, "connection closed by the watchdog");
        assertEquals(List.of("close", "suspect: connection closed by the watchdog", "probe", "connect 2"), h.done);
    }

    @Test
    void garbageIsJudgedLikeAClose() {
        LinkHarness h = LinkHarness.alive();
        h.link.onProtocolError(h.now(), h.attempt, "frame length 0");
        assertEquals("suspect: protocol error: frame length 0", h.done.get(1));
    }

    @Test
    void goodbyeStopAndRestartAreJudgedLikeAClose() {
        for (Goodbye.Reason reason : List.of(Goodbye.Reason.STOP, Goodbye.Reason.RESTART)) {
            LinkHarness h = LinkHarness.alive();
            h.frame(new Goodbye(reason));
            assertEquals(Liveness.SUSPECT, h.link.liveness());
        }
    }

    @Test
    void goodbyeInstanceStoppingMakesItDown() {
        LinkHarness h = LinkHarness.alive();
        h.frame(new Goodbye(Goodbye.Reason.INSTANCE_STOPPING));
        assertEquals(List.of("close", "down: the instance is stopping"), h.done);
    }

    @Test
    void goodbyeInstanceStoppingWhileSuspectMakesItDown() {
        LinkHarness h = LinkHarness.suspect();
        h.link.onConnected(h.now(), h.attempt, "10.0.0.1");
        h.frame(new Goodbye(Goodbye.Reason.INSTANCE_STOPPING));
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void aSuspectWithTheSamePostmasterIsAliveAgainAndNobodyIsTold() {
        LinkHarness h = LinkHarness.suspect();
        h.welcome(LinkHarness.START);
        assertEquals(List.of("send HELLO", "alive 10.0.0.1", "send BEAT"), h.done);
    }

    @Test
    void aSuspectWithAnotherPostmasterHasItsOldSessionsToldFirst() {
        LinkHarness h = LinkHarness.suspect();
        h.welcome(LinkHarness.START + 1);
        assertEquals(List.of("send HELLO", "postmaster changed", "alive 10.0.0.1", "send BEAT"), h.done);
    }

    @Test
    void aDownInstanceIsAliveAgainWhateverItsPostmaster() {
        LinkHarness h = LinkHarness.alive();
        h.tickAfterMillis(20_001);
        h.tickAfterMillis(1_000);
        h.done.clear();
        h.welcome(LinkHarness.START + 1);
        assertEquals(List.of("send HELLO", "alive 10.0.0.1", "send BEAT"), h.done);
    }

    @Test
    void aRefusedBackendPortMakesASuspectDown() {
        LinkHarness h = LinkHarness.suspect();
        h.link.onBackendPort(h.now(), h.probe, BackendPort.REFUSED);
        assertEquals(List.of("down: backend_port refuses connections"), h.done);
    }

    @Test
    void aSuspectWithAnOpenBackendPortIsProbedOnUntilItIsSilent() {
        LinkHarness h = LinkHarness.suspect();
        h.link.onBackendPort(h.now(), h.probe, BackendPort.ACCEPTED);
        h.tickAfterNanos(TimeUnit.SECONDS.toNanos(1) - 1);
        assertFalse(h.done.contains("probe"), "not before heartbeat_connect_interval");
        h.tickAfterNanos(1);
        assertTrue(h.done.contains("probe"));
        h.tickAfterMillis(19_000);
        assertEquals(Liveness.SUSPECT, h.link.liveness(), "at the timeout since the last frame");
        h.tickAfterNanos(1);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void theAnswerOfAnOldProbeIsIgnored() {
        LinkHarness h = LinkHarness.suspect();
        long old = h.probe;
        h.welcome(LinkHarness.START);
        h.beatFor(1);
        h.link.onBackendPort(h.now(), old, BackendPort.REFUSED);
        assertEquals(Liveness.ALIVE, h.link.liveness());
        h.link.onClosed(h.now(), h.attempt, "closed");
        h.link.onBackendPort(h.now(), old, BackendPort.REFUSED);
        assertEquals(Liveness.SUSPECT, h.link.liveness());
    }

    @Test
    void failedAttemptsDoNotMakeASuspectDownEarly() {
        LinkHarness h = LinkHarness.suspect();
        h.link.onConnectFailed(h.now(), h.attempt, "Connection refused");
        assertEquals(Liveness.SUSPECT, h.link.liveness());
    }

    @Test
    void aStoppingStateIsNoLiveness() {
        LinkHarness h = LinkHarness.alive();
        h.frame(new StateChange(new io.github.pgconmgr.wire.heartbeat.InstanceState(false, false, true, 1, 0)));
        assertEquals(List.of("state"), h.done);
        assertEquals(Liveness.ALIVE, h.link.liveness());
    }

    @Test
    @Proves("C4")
    void withATimeoutNotLongerThanTheIntervalItIsNeverAlive() {
        LinkHarness h = new LinkHarness(Samples.heartbeat(10_000, 10_000));
        h.start();
        h.welcome(LinkHarness.START);
        assertEquals(Liveness.DOWN, h.link.liveness());
        h.frame(Samples.beat(1));
        h.frame(new StateChange(Samples.PRIMARY));
        h.tickAfterNanos(TimeUnit.SECONDS.toNanos(10) + 1);
        assertEquals(LinkPhase.WAITING, h.link.phase(), "silent all the same");
        assertFalse(h.done.contains("alive 10.0.0.1"));
    }
}
