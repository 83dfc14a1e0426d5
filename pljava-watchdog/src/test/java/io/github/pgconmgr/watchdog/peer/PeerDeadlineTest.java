package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.TEN_TWENTY;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.address;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.host;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.id;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.row;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every deadline of ADR 1: just before, at, just after. */
class PeerDeadlineTest {

    private final PeerTableFixture fix = new PeerTableFixture();

    @Test
    @Proves({"L1", "L4"})
    void anArmedPeerIsDeadOnlyWhenItWasSilentForLongerThanItsTimeout() {
        fix.armed(1);
        fix.assertNobodyDiesUpTo(40);
        assertFalse(fix.table.judgementDue(fix.now()));

        fix.at(seconds(40) + 1);
        assertTrue(fix.table.judgementDue(fix.now()));
        fix.tick();
        Judgement expected =
                new Judgement(address(1), id(1), "machine-1", Judgement.Reason.TIMEOUT, seconds(20) + 1, fix.now());
        assertEquals(List.of(expected), fix.judgements());
        assertEquals(List.of(1L), fix.commands.closed);
        assertFalse(fix.knows(1));
    }

    @Test
    void theLoopIsToldToComeBackJustAfterTheDeadline() {
        fix.armed(1);
        fix.at(seconds(39.5));
        fix.tick();
        assertEquals(fix.now() + seconds(0.5), fix.table.nextDeadlineNanos().orElseThrow(), "the BEAT at 40 s");
        fix.tickAt(seconds(40));
        assertEquals(fix.now() + 1, fix.table.nextDeadlineNanos().orElseThrow());
    }

    @Test
    @Proves("L4")
    void eachPeerIsJudgedByItsOwnSettings() {
        fix.hello(1, 1, new HeartbeatSettings(1000, 3000), host(1), address(1));
        fix.hello(2, 2, new HeartbeatSettings(1000, 5000), host(2), address(2));
        for (int second = 1; second <= 5; second++) {
            fix.at(seconds(second));
            fix.beat(1);
            fix.beat(2);
            fix.tick();
        }
        assertEquals(id(1), fix.assertDeadJustAfter(8).conmgrId());
        fix.tickAt(seconds(10));
        assertEquals(1, fix.judgements().size());
        fix.tickAt(seconds(10) + 1);
        assertEquals(2, fix.judgements().size());
    }

    @Test
    void aPeerIsArmedWhenItHasBeatenForOneWholeTimeout() {
        fix.hello(1);
        fix.at(seconds(20) - 1);
        fix.beat(1);
        assertEquals(PeerState.PROVING, fix.state(1));
        fix.at(seconds(20));
        fix.beat(1);
        assertEquals(PeerState.ARMED, fix.state(1));
    }

    @Test
    void aPeerThatNeverProvedItselfJustGoes() {
        fix.hello(1);
        fix.hello(2);
        fix.hello(3);
        fix.hello(4);
        fix.at(seconds(5));
        fix.closed(2);
        fix.goodbye(3, Goodbye.Reason.STOP);
        fix.goodbye(4, Goodbye.Reason.RESTART);
        assertEquals(1, fix.table.peers().size());
        fix.tickAt(seconds(20));
        assertTrue(fix.knows(1));
        fix.tickAt(seconds(20) + 1);
        assertFalse(fix.knows(1));
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    @Proves("C4")
    void aPeerWhoseSettingsAreAlwaysAbnormalIsNeverArmed() {
        fix.hello(1, 1, new HeartbeatSettings(10_000, 10_000), host(1), address(1));
        for (int second = 1; second <= 60; second++) {
            fix.at(seconds(second));
            fix.beat(1);
            fix.tick();
            assertEquals(PeerState.PROVING, fix.state(1));
        }
        fix.tickAt(seconds(70) + 1);
        assertFalse(fix.knows(1));
        assertEquals(List.of(), fix.judgements());
        assertTrue(fix.commands.warned("always judged abnormal"));
    }

    @Test
    @Proves("L7")
    void aLostPeerIsDeadATimeoutAfterItsLastFrameNotAfterItsClose() {
        fix.armed(1);
        fix.at(seconds(30));
        fix.closed(1);
        assertEquals(PeerState.LOST, fix.state(1));
        assertEquals(Judgement.Reason.CLOSED, fix.assertDeadJustAfter(40).reason());
    }

    @Test
    @Proves("L7")
    void goodbyeRestartIsLikeAClose() {
        fix.armed(1);
        fix.at(seconds(30));
        fix.goodbye(1, Goodbye.Reason.RESTART);
        fix.tick();
        assertEquals(PeerState.LOST, fix.state(1));
        assertEquals(List.of(1L), fix.commands.closed);
        assertEquals(Judgement.Reason.CLOSED, fix.assertDeadJustAfter(50).reason());
    }

    @Test
    @Proves("L7")
    void goodbyeStopIsDeathAtOnceJudgedInTheSameTurn() {
        fix.armed(1);
        fix.at(seconds(25));
        fix.goodbye(1, Goodbye.Reason.STOP);
        assertTrue(fix.table.judgementDue(fix.now()), "so that pending input is read before the judgement");
        fix.tick();
        assertEquals(Judgement.Reason.GOODBYE, fix.judgements().get(0).reason());
        assertFalse(fix.knows(1));
        fix.tickAt(seconds(26));
        assertEquals(1, fix.judgements().size());
    }

    @Test
    void anAdoptedPeerHasItsOwnTimeoutFromTheAdoption() {
        fix.table.adopt(fix.now(), List.of(row(1, true), row(2, false)));
        assertEquals(PeerState.ADOPTED, fix.state(1));
        assertFalse(fix.knows(2), "a row that was not armed is not worth a session");
        assertEquals(Judgement.Reason.TIMEOUT, fix.assertDeadJustAfter(20).reason());
    }

    @Test
    void anOwnStallMovesTheDeadlineByItsLength() {
        fix.armed(1);
        fix.at(seconds(33));
        fix.table.onStall(fix.now(), seconds(3));
        fix.assertDeadJustAfter(43);
    }

    @Test
    void ownStallsMoveTheDeadlineByOneIntervalAtMost() {
        fix.armed(1);
        for (int second = 33; second < 39; second += 3) {
            fix.at(seconds(second));
            fix.table.onStall(fix.now(), seconds(7));
        }
        fix.assertDeadJustAfter(50);
    }

    @Test
    void theNextFrameTakesTheAllowanceBack() {
        fix.armed(1);
        fix.at(seconds(30));
        fix.table.onStall(fix.now(), seconds(9));
        fix.beat(1);
        fix.assertDeadJustAfter(50);
    }

    @Test
    @Proves("L2")
    void aFrameReadInTheTurnOfTheDeadlineKeepsThePeerAlive() {
        fix.armed(1);
        fix.at(seconds(41));
        fix.beat(1);
        fix.tick();
        assertEquals(PeerState.ARMED, fix.state(1));
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    @Proves("L2")
    void beatsGoOutAtOnceThenEveryIntervalWithoutDrift() {
        fix.hello(1, 1, new HeartbeatSettings(1000, 3000), host(1), address(1));
        assertEquals(1, beats().size(), "the first at once after WELCOME");
        fix.tickAt(seconds(0.984));
        assertEquals(1, beats().size());
        fix.at(seconds(1.25));
        fix.frame(1, new Beat(41, 0, 0, 0, 0));
        fix.tickAt(seconds(1.5));
        fix.tickAt(seconds(2));
        assertEquals(
                List.of(new Beat(1, 0, 0, 0, 77), new Beat(2, 41, 250_000, 0, 77), new Beat(3, 41, 750_000, 0, 77)),
                beats());
    }

    @Test
    void eachPeerHearsOfTheLongestStallSinceItsLastBeat() {
        fix.hello(1, 1, new HeartbeatSettings(1000, 3000), host(1), address(1));
        fix.hello(2, 2, TEN_TWENTY, host(2), address(2));
        fix.at(seconds(0.5));
        fix.table.onStall(fix.now(), seconds(0.3));
        fix.table.onStall(fix.now(), seconds(0.2));
        fix.tickAt(seconds(1));
        fix.tickAt(seconds(2));
        fix.beat(1);
        fix.tickAt(seconds(10));
        assertEquals(
                List.of(0, 300_000, 0),
                beats().stream().map(Beat::stallMicros).limit(3).toList());
        List<Beat> slower = fix.commands.sentTo(2, Beat.class);
        assertEquals(List.of(0, 300_000), slower.stream().map(Beat::stallMicros).toList());
    }

    private List<Beat> beats() {
        return fix.commands.sentTo(1, Beat.class);
    }
}
