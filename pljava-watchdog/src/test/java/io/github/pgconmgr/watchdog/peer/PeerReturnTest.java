package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.CONNECTED_MICROS;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.TEN_TWENTY;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.address;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.host;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.id;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.millis;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.row;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who comes back in time, and as whom (ADR 1, choices 1 and 2). */
class PeerReturnTest {

    private final PeerTableFixture fix = new PeerTableFixture();

    @Test
    void aLostPeerThatReturnsIsArmedAtOnceAndNothingEnds() {
        fix.armed(1);
        fix.at(seconds(30));
        fix.closed(1);
        fix.at(seconds(40));
        fix.hello(1, 11, TEN_TWENTY, host(1), address(1));
        assertEquals(PeerState.ARMED, fix.state(1));
        assertEquals(1, fix.commands.sentTo(11, Welcome.class).size());
        assertEquals(Judgement.Reason.TIMEOUT, fix.assertDeadJustAfter(60).reason(), "HELLO was its last frame");
    }

    @Test
    void anotherConmgrOfTheSameHostTakesTheLostRowOver() {
        fix.armed(1);
        fix.closed(1);
        fix.at(seconds(30));
        fix.hello(2, 22, TEN_TWENTY, host(1), address(1));
        assertEquals(1, fix.table.peers().size());
        assertEquals(PeerState.ARMED, fix.state(2));
        fix.tickAt(seconds(41));
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void anotherBootOrAnotherAddressIsNotTheSameHost() {
        fix.armed(1);
        fix.closed(1);
        fix.hello(2, 22, TEN_TWENTY, host("machine-1", "boot-x"), address(1));
        fix.hello(3, 33, TEN_TWENTY, host(1), address(3));
        fix.hello(4, 44, TEN_TWENTY, host("", ""), address(1));
        assertEquals(PeerState.LOST, fix.state(1));
        assertEquals(PeerState.PROVING, fix.state(2));
        assertEquals(PeerState.PROVING, fix.state(3));
        assertEquals(PeerState.PROVING, fix.state(4));
    }

    @Test
    void aSecondConmgrBesideAConnectedOneGetsARowOfItsOwn() {
        fix.armed(1);
        fix.hello(2, 22, TEN_TWENTY, host(1), address(1));
        assertEquals(2, fix.table.peers().size());
        assertEquals(PeerState.PROVING, fix.state(2));
        assertTrue(fix.peer(1).isConnectedBy(1));
    }

    @Test
    void theSameConmgrOnANewerConnectionMovesTheRowAndTheOldOneIsClosedWithoutEffect() {
        fix.armed(1);
        fix.at(seconds(21));
        fix.hello(1, 11, TEN_TWENTY, host(1), address(1));
        assertEquals(List.of(1L), fix.commands.closed);
        fix.closed(1);
        assertEquals(PeerState.ARMED, fix.state(1));
        assertTrue(fix.peer(1).isConnectedBy(11));
        assertEquals(1, fix.commands.sentTo(11, Beat.class).get(0).sequence(), "a link counts from 1");
    }

    @Test
    void aProvingPeerOnANewConnectionProvesItselfAnew() {
        fix.hello(1);
        fix.at(seconds(15));
        fix.hello(1, 11, TEN_TWENTY, host(1), address(1));
        fix.at(seconds(25));
        fix.beat(11);
        assertEquals(PeerState.PROVING, fix.state(1));
        fix.at(seconds(35));
        fix.beat(11);
        assertEquals(PeerState.ARMED, fix.state(1));
    }

    @Test
    void aReturnWithSettingsThatAreAlwaysAbnormalFallsBackToProving() {
        fix.armed(1);
        fix.closed(1);
        fix.hello(1, 11, new HeartbeatSettings(20_000, 20_000), host(1), address(1));
        assertEquals(PeerState.PROVING, fix.state(1));
        fix.tickAt(seconds(41));
        assertEquals(List.of(), fix.judgements());
        assertFalse(fix.knows(1));
    }

    @Test
    void theReturningPeersNewSettingsCount() {
        fix.armed(1);
        fix.closed(1);
        fix.hello(1, 11, new HeartbeatSettings(1000, 3000), host(1), address(1));
        fix.assertDeadJustAfter(23);
    }

    @Test
    void anAdoptedPeerThatReturnsIsArmed() {
        fix.table.adopt(fix.now(), List.of(row(1, true), row(2, true)));
        fix.at(seconds(20));
        fix.hello(1);
        fix.hello(3, 33, TEN_TWENTY, host(2), address(2));
        fix.tickAt(seconds(21));
        assertEquals(PeerState.ARMED, fix.state(1));
        assertEquals(PeerState.ARMED, fix.state(3));
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void rowsSayWhoIsArmedAndWhoIsConnected() {
        fix.table.adopt(fix.now(), List.of(row(1, true)));
        fix.hello(2);
        List<PeerRow> rows = fix.table.rows(fix.now(), 5_000_000);
        Contact adopted = new Contact(0, 5_000_000, Contact.NO_ROUND_TRIP, "");
        Contact fresh = new Contact(CONNECTED_MICROS, 5_000_000, Contact.NO_ROUND_TRIP, "0.1.0");
        assertEquals(new PeerRow(address(1), 5001, true, false, TEN_TWENTY, id(1), host(1), adopted), rows.get(0));
        assertEquals(new PeerRow(address(2), 5002, false, true, TEN_TWENTY, id(2), host(2), fresh), rows.get(1));
    }

    @Test
    @Proves("S4")
    void rowsSayWhenTheLastFrameCameAndHowLongTheWayTook() {
        fix.hello(1);
        fix.at(seconds(10));
        fix.tick();
        fix.at(seconds(10) + millis(5));
        fix.frame(1, new Beat(1, 2, 1500, 0, 0));
        fix.at(seconds(12));
        Contact contact = fix.table.rows(fix.now(), 60_000_000).get(0).contact();
        assertEquals(60_000_000 - 1_995_000, contact.lastFrameAtMicros());
        assertEquals(3500, contact.roundTripMicros());
        fix.frame(1, new Beat(2, 0, 0, 0, 0));
        fix.frame(1, new Beat(3, 99, 0, 0, 0));
        contact = fix.table.rows(fix.now(), 60_000_000).get(0).contact();
        assertEquals(60_000_000, contact.lastFrameAtMicros());
        assertEquals(3500, contact.roundTripMicros(), "an echo of what was never sent says nothing");
    }

    @Test
    void everyChangeOfTheRowsIsAnnounced() {
        int before = fix.commands.rowsChanged;
        fix.hello(1);
        assertEquals(before + 1, fix.commands.rowsChanged);
        fix.at(seconds(20));
        fix.beat(1);
        assertEquals(before + 2, fix.commands.rowsChanged, "armed");
        fix.beat(1);
        assertEquals(before + 2, fix.commands.rowsChanged, "a BEAT changes no row");
        fix.closed(1);
        assertEquals(before + 3, fix.commands.rowsChanged);
    }

    @Test
    @Proves("L7")
    void aSuccessorThatCameBeforeTheCloseKeepsTheLostRowWhileItProvesItself() {
        fix.armed(1);
        fix.at(seconds(25));
        fix.hello(2, 2, TEN_TWENTY, host(1), address(1));
        fix.at(seconds(26));
        fix.closed(1);
        fix.at(seconds(35));
        fix.beat(2);
        fix.closed(2);
        fix.tickAt(seconds(40) + 1);
        assertEquals(List.of(), fix.judgements(), "the host beat 5 s ago");
        assertEquals(Judgement.Reason.CLOSED, fix.assertDeadJustAfter(55).reason());
    }

    @Test
    @Proves("L7")
    void whatASuccessorSaidBeforeTheCloseWasReadCountsAsWell() {
        fix.armed(1);
        fix.at(seconds(35));
        fix.hello(2, 2, TEN_TWENTY, host(1), address(1));
        fix.at(seconds(36));
        fix.closed(1);
        fix.closed(2);
        assertEquals(Judgement.Reason.CLOSED, fix.assertDeadJustAfter(55).reason(), "the host said HELLO 20 s ago");
    }

    @Test
    @Proves("L7")
    void whatASuccessorSaidThatIsGoneBeforeTheCloseWasReadCountsAsWell() {
        fix.armed(1);
        fix.at(seconds(35));
        fix.hello(2, 2, TEN_TWENTY, host(1), address(1));
        fix.closed(2);
        fix.at(seconds(36));
        fix.closed(1);
        assertEquals(Judgement.Reason.CLOSED, fix.assertDeadJustAfter(55).reason(), "the host said HELLO 20 s ago");
    }
}
