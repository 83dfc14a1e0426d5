package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Attempts, their limits and waits (C4), beats (L2), and events that come too late. */
class InstanceLinkPhaseTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    @Proves("C4")
    void anAttemptMayTakeUpToTheConnectTimeoutFromItsStart() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.clock.advanceMillis(6_000);
        h.link.onConnected(h.now(), h.attempt, "10.0.0.1");
        h.tickAfterNanos(4 * SECOND - 1);
        h.tickAfterNanos(1);
        assertEquals(LinkPhase.GREETING, h.link.phase(), "at the limit");
        h.tickAfterNanos(1);
        assertEquals(LinkPhase.WAITING, h.link.phase(), "just after");
        assertTrue(h.done.contains("down: no WELCOME within 10.0 s"));
    }

    @Test
    @Proves("C4")
    void theNextAttemptWaitsFromTheEndOfTheFailedOne() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.clock.advanceMillis(7_000);
        h.link.onConnectFailed(h.now(), h.attempt, "no route");
        h.tickAfterNanos(SECOND - 1);
        assertEquals(1, h.attempt, "just before");
        h.tickAfterNanos(1);
        assertEquals(2, h.attempt, "at the end of the wait");
    }

    @Test
    void aLinkThatBreaksAfterEveryWelcomeIsNotReconnectedFasterThanTheConnectInterval() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.welcome(LinkHarness.START);
        h.link.onClosed(h.now(), h.attempt, "closed");
        assertEquals(1, h.attempt);
        h.tickAfterNanos(SECOND - 1);
        assertEquals(1, h.attempt);
        h.tickAfterNanos(1);
        assertEquals(2, h.attempt);
    }

    @Test
    void aSuspectIsTriedTenTimesWithinATimeoutThatIsShortForTheConnectInterval() {
        LinkHarness h = suspectWithTimeout(3_000);
        h.link.onConnectFailed(h.now(), h.attempt, "refused");
        long before = h.attempt;
        h.tickAfterNanos(SECOND * 3 / 10 - 1);
        assertEquals(before, h.attempt, "just before a tenth of the timeout");
        h.tickAfterNanos(1);
        assertEquals(before + 1, h.attempt, "at a tenth of the timeout");
    }

    @Test
    void oneThatIsDownIsTriedEveryConnectIntervalHoweverShortTheTimeout() {
        LinkHarness h = suspectWithTimeout(3_000);
        h.tickAfterNanos(3 * SECOND + 1);
        assertEquals(Liveness.DOWN, h.link.liveness());
        h.link.onConnectFailed(h.now(), h.attempt, "refused");
        long before = h.attempt;
        h.tickAfterNanos(SECOND - 1);
        assertEquals(before, h.attempt);
        h.tickAfterNanos(1);
        assertEquals(before + 1, h.attempt);
    }

    private static LinkHarness suspectWithTimeout(int timeoutMillis) {
        LinkHarness h = new LinkHarness(Samples.heartbeat(1_000, timeoutMillis));
        h.start();
        h.welcome(LinkHarness.START);
        h.link.onClosed(h.now(), h.attempt, "closed");
        assertEquals(Liveness.SUSPECT, h.link.liveness());
        return h;
    }

    @Test
    @Proves("L2")
    void beatsGoEveryIntervalWhateverThePeerDoes() {
        LinkHarness h = LinkHarness.alive();
        h.tickAfterNanos(10 * SECOND - 1);
        assertEquals(1, h.beats.size(), "just before");
        h.tickAfterNanos(1);
        assertEquals(2, h.beats.size(), "at the interval");
        assertEquals(2, h.beats.get(1).sequence());
    }

    @Test
    void aStallIsNotFollowedByABurstOfBeats() {
        LinkHarness h = LinkHarness.alive();
        h.clock.advanceMillis(19_000);
        h.link.onStall(h.now(), 9 * SECOND);
        h.link.onTick(h.now());
        h.link.onTick(h.now());
        assertEquals(2, h.beats.size());
        assertEquals(9_000_000, h.beats.get(1).stallMicros());
    }

    @Test
    void anEchoTellsTheRoundTripLessTheTimeItWasHeld() {
        LinkHarness h = LinkHarness.alive();
        h.clock.advanceMillis(50);
        h.frame(new Beat(1, 1, 30_000, 0, 77));
        assertEquals(List.of("beat 20000"), h.done);
        h.tickAfterMillis(9_950);
        assertEquals(1, h.beats.get(1).echo());
        assertEquals(9_950_000, h.beats.get(1).heldMicros());
    }

    @Test
    void anEchoOfABeatNeverSentMeasuresNothing() {
        LinkHarness h = LinkHarness.alive();
        h.frame(new Beat(1, 99, 0, 0, 0));
        h.frame(new Beat(2, -1, 0, 0, 0));
        assertEquals(List.of("beat -1", "beat -1"), h.done);
    }

    @Test
    void framesInTheWrongPlaceEndTheAttemptOrTheLink() {
        List<HeartbeatFrame> beforeWelcome =
                List.of(Samples.beat(1), new StateChange(Samples.PRIMARY), Samples.hello(h().settings()));
        for (HeartbeatFrame frame : beforeWelcome) {
            LinkHarness h = LinkHarness.withDefaults();
            h.start();
            h.link.onConnected(h.now(), h.attempt, "10.0.0.1");
            h.frame(frame);
            assertEquals("down: protocol error: unexpected " + frame.type(), h.done.get(3));
        }
        List<HeartbeatFrame> afterWelcome =
                List.of(Samples.welcome(1, Samples.PRIMARY), new Refused(1, "full"), Samples.hello(h().settings()));
        for (HeartbeatFrame frame : afterWelcome) {
            LinkHarness h = LinkHarness.alive();
            h.frame(frame);
            assertEquals("suspect: protocol error: unexpected " + frame.type(), h.done.get(1));
        }
    }

    private static io.github.pgconmgr.config.HeartbeatConfig h() {
        return Samples.heartbeat(10_000, 20_000);
    }

    @Test
    void aRefusalIsLoggedWithItsReasonOnceUntilItChanges() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        for (String text : List.of("too many", "too many", "wrong version")) {
            h.link.onConnected(h.now(), h.attempt, "10.0.0.1");
            h.frame(new Refused(Refused.FULL, text));
            h.tickAfterMillis(1_000);
        }
        assertEquals(
                List.of(
                        "instance 0: watchdog refused the heartbeat connection: too many (code 1)",
                        "instance 0: watchdog refused the heartbeat connection: wrong version (code 1)"),
                h.log.texts(Message.HEARTBEAT_REFUSED));
    }

    @Test
    void whatARefusingWatchdogSaysDoesNotKeepASuspectAlive() {
        LinkHarness h = LinkHarness.suspect();
        h.tickAfterMillis(15_000);
        h.link.onConnected(h.now(), h.attempt, "10.0.0.1");
        h.frame(new Refused(Refused.FULL, "full"));
        h.tickAfterNanos(5 * SECOND + 1);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void eventsOfAnEarlierAttemptAreIgnored() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.link.onConnectFailed(h.now(), 1, "refused");
        h.tickAfterMillis(1_000);
        h.done.clear();
        h.link.onConnected(h.now(), 1, "10.0.0.9");
        h.link.onConnectFailed(h.now(), 1, "late");
        h.link.onClosed(h.now(), 1, "late");
        h.link.onProtocolError(h.now(), 1, "late");
        h.link.onFrame(h.now(), 1, Samples.welcome(1, Samples.PRIMARY));
        assertEquals(List.of(), h.done);
        assertEquals(LinkPhase.CONNECTING, h.link.phase());
    }

    @Test
    void aStopSaysGoodbyeAndNothingHappensAfterwards() {
        LinkHarness h = LinkHarness.alive();
        h.link.onStop(h.now(), Goodbye.Reason.STOP);
        h.link.onClosed(h.now(), h.attempt, "closed");
        h.frame(Samples.beat(1));
        h.tickAfterMillis(60_000);
        assertEquals(List.of("send last GOODBYE"), h.done);
    }

    @Test
    void aStopWithoutAConnectionOnlyCloses() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.done.clear();
        h.link.onStop(h.now(), Goodbye.Reason.STOP);
        h.link.onBackendPort(h.now(), 1, BackendPort.REFUSED);
        assertEquals(List.of("close"), h.done);
        assertFalse(h.done.contains("connect 2"));
    }

    @Test
    void aStallMovesTheLimitOfAnAttempt() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.clock.advanceMillis(12_000);
        h.link.onStall(h.now(), 5 * SECOND);
        h.link.onTick(h.now());
        assertEquals(LinkPhase.CONNECTING, h.link.phase());
        h.tickAfterNanos(3 * SECOND + 1);
        assertEquals(LinkPhase.WAITING, h.link.phase());
    }
}
