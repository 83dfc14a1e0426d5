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

import java.util.List;
import org.junit.jupiter.api.Test;

/** If most fall silent at once, we suspect ourselves (ADR 1, choice 3). */
class MassSilenceTest {

    private final PeerTableFixture fix = new PeerTableFixture();

    @Test
    void threeOfThreeGetOneMoreIntervalAndNoSecond() {
        fix.armed(1, 2, 3);
        fix.tickAt(seconds(40) + 1);
        assertEquals(PeerState.GRACE, fix.state(1));
        assertTrue(fix.commands.warned("more than half of 3 conmgrs"));
        fix.tickAt(seconds(50));
        assertEquals(List.of(), fix.judgements());
        fix.tickAt(seconds(50) + 1);
        assertEquals(3, fix.judgements().size());
        assertEquals(Judgement.Reason.TIMEOUT, fix.judgements().get(0).reason());
    }

    @Test
    void twoOfTwoAreTooFewToSuspectOurselves() {
        fix.armed(1, 2);
        fix.tickAt(seconds(40) + 1);
        assertEquals(2, fix.judgements().size());
    }

    @Test
    void halfIsNotMoreThanHalf() {
        fix.armed(1, 2, 3, 4, 5, 6);
        fix.at(seconds(35));
        fix.beat(4);
        fix.beat(5);
        fix.beat(6);
        fix.tickAt(seconds(40) + 1);
        assertEquals(3, fix.judgements().size());
    }

    @Test
    void fourOfSevenAreMoreThanHalf() {
        fix.armed(1, 2, 3, 4, 5, 6, 7);
        fix.at(seconds(35));
        fix.beat(5);
        fix.beat(6);
        fix.beat(7);
        fix.tickAt(seconds(40) + 1);
        assertEquals(List.of(), fix.judgements());
        assertEquals(PeerState.GRACE, fix.state(4));
        assertEquals(PeerState.ARMED, fix.state(5));
    }

    @Test
    void aPeerThatBeatsInItsGraceIsArmedAndGetsGraceAgain() {
        fix.armed(1, 2, 3);
        fix.tickAt(seconds(40) + 1);
        fix.at(seconds(45));
        fix.beat(1);
        fix.beat(2);
        fix.beat(3);
        fix.tick();
        assertEquals(PeerState.ARMED, fix.state(1));
        fix.tickAt(seconds(65) + 1);
        assertEquals(PeerState.GRACE, fix.state(1));
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void theExtraIntervalIsCountedFromEachPeersOwnDeadline() {
        fix.armed(1, 2, 3);
        fix.at(seconds(25));
        fix.beat(3);
        fix.tickAt(seconds(40) + 1);
        assertEquals(PeerState.GRACE, fix.state(3), "its deadline is half an interval away");
        fix.tickAt(seconds(55));
        assertEquals(2, fix.judgements().size());
        fix.tickAt(seconds(55) + 1);
        assertEquals(3, fix.judgements().size());
    }

    @Test
    void lostAndAdoptedRowsGetGraceAsWellAndALostOneStillDiesOfItsClose() {
        fix.table.adopt(fix.now(), List.of(row(1, true), row(2, true), row(3, true)));
        fix.hello(1);
        fix.closed(1);
        fix.tickAt(seconds(20) + 1);
        assertEquals(PeerState.GRACE, fix.state(1));
        assertEquals(PeerState.GRACE, fix.state(2));
        fix.tickAt(seconds(30) + 1);
        List<Judgement> judgements = fix.judgements();
        assertEquals(3, judgements.size());
        for (Judgement judgement : judgements) {
            boolean first = judgement.conmgrId().equals(id(1));
            assertEquals(first ? Judgement.Reason.CLOSED : Judgement.Reason.TIMEOUT, judgement.reason());
        }
    }

    @Test
    void aCloseDuringGraceKeepsTheRowUntilTheExtraIntervalHasPassed() {
        fix.armed(1, 2, 3);
        fix.tickAt(seconds(40) + 1);
        fix.at(seconds(42));
        fix.closed(1);
        assertEquals(PeerState.GRACE, fix.state(1));
        fix.at(seconds(45));
        fix.hello(1, 11, TEN_TWENTY, host(1), address(1));
        assertEquals(PeerState.ARMED, fix.state(1));
    }

    @Test
    void aProvingPeerCountsButIsGivenNothing() {
        fix.armed(1, 2);
        fix.hello(3);
        fix.tickAt(seconds(40) + 1);
        assertEquals(PeerState.GRACE, fix.state(1));
        assertEquals(PeerState.GRACE, fix.state(2));
        assertFalse(fix.knows(3));
        assertEquals(List.of(), fix.judgements());
    }
}
