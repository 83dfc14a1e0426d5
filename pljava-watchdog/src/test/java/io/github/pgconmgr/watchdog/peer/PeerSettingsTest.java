package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.TEN_TWENTY;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.SettingsChange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SETTINGS on a living link, the watchdog's side (ADR 7): when which timeout counts, just before, at and just after. */
class PeerSettingsTest {

    private static final HeartbeatSettings HALF_ONE = new HeartbeatSettings(500, 1000);
    private static final HeartbeatSettings TWENTY_SIXTY = new HeartbeatSettings(20_000, 60_000);
    private static final HeartbeatSettings ABNORMAL = new HeartbeatSettings(1000, 1000);

    private final PeerTableFixture fix = new PeerTableFixture();

    private void settings(double second, HeartbeatSettings settings) {
        fix.at(seconds(second));
        fix.frame(1, new SettingsChange(settings));
        fix.tick();
    }

    private void beatAt(double second) {
        fix.at(seconds(second));
        fix.beat(1);
        fix.tick();
    }

    @Test
    @Proves({"L4", "S4"})
    void theAnswerIsTheSameAndTheRowShowsTheNewSettings() {
        fix.armed(1);
        settings(25, HALF_ONE);
        assertEquals(List.of(new SettingsChange(HALF_ONE)), fix.commands.sentTo(1, SettingsChange.class));
        assertEquals(HALF_ONE, fix.table.rows(fix.now(), 0).get(0).settings());
        assertEquals(PeerState.ARMED, fix.state(1));
        assertEquals(List.of(), fix.commands.closed);
    }

    @Test
    @Proves("L4")
    void aShorterTimeoutCountsWhenItHasBeatenForOneWholeNewTimeout() {
        fix.armed(1);
        settings(25, HALF_ONE);
        beatAt(25.5);
        beatAt(26);
        fix.assertDeadJustAfter(27);
    }

    @Test
    @Proves("L4")
    void untilThenTheLongerTimeoutCounts() {
        fix.armed(1);
        settings(25, HALF_ONE);
        beatAt(25.5);
        fix.assertDeadJustAfter(45.5);
    }

    @Test
    @Proves("L4")
    void whoCannotKeepTheNewTimeoutIsJudgedByTheOldOne() {
        fix.armed(1);
        settings(25, HALF_ONE);
        beatAt(25.5);
        beatAt(26.500000001);
        assertEquals(PeerState.ARMED, fix.state(1));
        fix.assertDeadJustAfter(46.500000001);
    }

    @Test
    @Proves("L4")
    void aLongerTimeoutCountsAtOnce() {
        fix.armed(1);
        settings(25, TWENTY_SIXTY);
        fix.assertDeadJustAfter(85);
    }

    @Test
    void aPeerThatIsNotArmedProvesItselfByTheNewSettings() {
        fix.hello(1);
        settings(5, HALF_ONE);
        beatAt(5.5);
        assertEquals(PeerState.PROVING, fix.state(1));
        beatAt(6);
        assertEquals(PeerState.ARMED, fix.state(1));
        fix.assertDeadJustAfter(7);
    }

    @Test
    void aPeerThatIsNotArmedIsNotDroppedBecauseOfAShorterTimeout() {
        fix.hello(1);
        settings(5, HALF_ONE);
        fix.tickAt(seconds(25));
        assertTrue(fix.knows(1));
        fix.tickAt(seconds(25) + 1);
        assertFalse(fix.knows(1));
    }

    @Test
    @Proves("C4")
    void settingsThatAreAlwaysAbnormalDisarm() {
        fix.armed(1);
        settings(25, ABNORMAL);
        assertEquals(PeerState.PROVING, fix.state(1));
        assertTrue(fix.commands.warned("always judged abnormal"));
        fix.tickAt(seconds(45) + 1);
        assertFalse(fix.knows(1));
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void beatsFollowTheNewInterval() {
        fix.armed(1);
        int before = fix.commands.sentTo(1, Beat.class).size();
        settings(21, HALF_ONE);
        fix.tickAt(seconds(21.492));
        assertEquals(before, fix.commands.sentTo(1, Beat.class).size());
        fix.tickAt(seconds(21.5));
        fix.tickAt(seconds(22));
        assertEquals(before + 2, fix.commands.sentTo(1, Beat.class).size());
    }

    @Test
    void settingsWhileInGraceEndTheGrace() {
        fix.armed(1, 2, 3);
        fix.tickAt(seconds(40) + 1);
        assertEquals(PeerState.GRACE, fix.state(1));
        settings(41, HALF_ONE);
        assertEquals(PeerState.ARMED, fix.state(1));
    }

    @Test
    void theSameSettingsAreAnsweredAndChangeNothing() {
        fix.armed(1);
        settings(25, TEN_TWENTY);
        assertEquals(1, fix.commands.sentTo(1, SettingsChange.class).size());
        fix.assertDeadJustAfter(45);
    }

    @Test
    void aLostPeerIsNotForgottenEarlierBecauseOfAShorterTimeout() {
        fix.armed(1);
        settings(25, HALF_ONE);
        fix.at(seconds(25.25));
        fix.closed(1);
        assertEquals(PeerState.LOST, fix.state(1));
        fix.assertDeadJustAfter(45);
    }
}
