package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.STATE;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.TEN_TWENTY;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.address;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.host;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.id;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Follow;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who hears of each new LSN at once, and of the upstream (ADR 11). */
class PeerFollowTest {

    private static final Upstream DB1 = new Upstream("db1", 5432);

    private final PeerTableFixture fix = new PeerTableFixture();

    private static InstanceState at(long lsn) {
        return new InstanceState(STATE.inRecovery(), STATE.readOnly(), STATE.stopping(), STATE.timeline(), lsn);
    }

    private List<Long> lsnsTo(long connection) {
        return fix.commands.sentTo(connection, Beat.class).stream()
                .map(Beat::lsn)
                .toList();
    }

    @Test
    void aNewLsnAloneIsNoNewsForWhoDoesNotFollow() {
        fix.hello(1);
        fix.table.onInstanceState(fix.now(), at(1000));
        assertEquals(1, lsnsTo(1).size(), "the first BEAT only");
        assertFalse(fix.table.isFollowed(fix.now()));
    }

    @Test
    void whoFollowsHearsAtOnceWhatIsKnownAndThenEachNewLsn() {
        fix.hello(1);
        fix.hello(2);
        fix.table.onInstanceState(fix.now(), at(1000));
        fix.frame(1, new Follow(5000));
        assertTrue(fix.table.isFollowed(fix.now()));
        fix.table.onInstanceState(fix.now(), at(1001));
        fix.table.onInstanceState(fix.now(), at(1001));
        fix.table.onInstanceState(fix.now(), at(1002));
        assertEquals(List.of(STATE.lsn(), 1000L, 1001L, 1002L), lsnsTo(1));
        assertEquals(1, lsnsTo(2).size());
        assertEquals(0, fix.commands.sentTo(1, StateChange.class).size());
    }

    @Test
    void aLeaseEndsByItselfAndANewOneReplacesIt() {
        fix.hello(1);
        fix.frame(1, new Follow(5000));
        fix.at(seconds(5) - 1);
        fix.table.onInstanceState(fix.now(), at(1000));
        assertEquals(3, lsnsTo(1).size(), "just before its end");
        fix.at(seconds(5));
        fix.table.onInstanceState(fix.now(), at(1001));
        assertEquals(3, lsnsTo(1).size(), "at its end");
        fix.frame(1, new Follow(5000));
        fix.frame(1, new Follow(0));
        assertFalse(fix.table.isFollowed(fix.now()));
    }

    @Test
    void theBeatsInBetweenDoNotMoveTheOnesThatAreDue() {
        fix.hello(1);
        fix.frame(1, new Follow(60_000));
        fix.at(seconds(9));
        fix.table.onInstanceState(fix.now(), at(1000));
        int before = lsnsTo(1).size();
        fix.tickAt(seconds(9.84));
        assertEquals(before, lsnsTo(1).size());
        fix.tickAt(seconds(10));
        assertEquals(before + 1, lsnsTo(1).size());
    }

    @Test
    void followingEndsWithTheConnection() {
        fix.armed(1);
        fix.frame(1, new Follow(600_000));
        fix.closed(1);
        fix.hello(1, 11, TEN_TWENTY, host(1), address(1));
        fix.table.onInstanceState(fix.now(), at(1000));
        assertEquals(1, lsnsTo(11).size());
    }

    @Test
    void theUpstreamIsToldAfterTheWelcomeAndWhenItChanges() {
        fix.table.onUpstream(DB1);
        fix.hello(1);
        fix.table.onUpstream(DB1);
        fix.table.onUpstream(Upstream.NONE);
        assertEquals(List.of(DB1, Upstream.NONE), fix.commands.sentTo(1, Upstream.class));
        fix.hello(2);
        assertEquals(
                List.of(), fix.commands.sentTo(2, Upstream.class), "there is none, which is what it takes for granted");
    }

    @Test
    void anOlderConmgrIsToldNothingThatItWouldNotUnderstand() {
        Hello old = new Hello(1, 1, TEN_TWENTY, id(1), new Id128(9, 9), host(1), "0.1.0", false, 9);
        fix.table.onUpstream(DB1);
        fix.table.onHello(fix.now(), 1, new PeerEndpoint(address(1), 1, 0), old);
        fix.table.onUpstream(new Upstream("db2", 5432));
        assertEquals(List.of(), fix.commands.sentTo(1, Upstream.class));
        assertEquals(11, fix.commands.sentTo(1, Welcome.class).get(0).highestFrame());
    }
}
