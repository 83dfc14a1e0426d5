package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.address;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.host;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import org.junit.jupiter.api.Test;

/** What keeps a table of thousands of peers cheap must change nothing of who is judged, and little of when BEATs go out. */
class ManyPeersTest {

    private static final HeartbeatSettings ONE_THREE = new HeartbeatSettings(1000, 3000);

    private final PeerTableFixture fix = new PeerTableFixture();

    @Test
    @Proves("L2")
    void aBeatThatIsDueSoonGoesAlongWithOneThatIsDue() {
        fix.hello(1, 1, ONE_THREE, host(1), address(1));
        fix.at(seconds(0.03));
        fix.hello(2, 2, ONE_THREE, host(2), address(2));
        fix.at(seconds(0.05));
        fix.hello(3, 3, ONE_THREE, host(3), address(3));
        fix.tickAt(seconds(1));
        assertEquals(2, beatsTo(1));
        assertEquals(2, beatsTo(2), "due in 30 ms, which is less than 1/32 of a second");
        assertEquals(1, beatsTo(3), "due in 50 ms");
        assertEquals(fix.now() + seconds(0.05), nextNanos());
        fix.tickAt(seconds(1.05));
        fix.tickAt(seconds(2));
        assertEquals(3, beatsTo(2), "the next one is planned from the plan");
    }

    @Test
    @Proves("L1")
    void aFrameAfterAStallBringsTheDeadlineForwardAndTheLoopIsTold() {
        fix.hello(1, 1, ONE_THREE, host(1), address(1));
        fix.at(seconds(0.5));
        fix.table.onStall(fix.now(), seconds(0.9));
        fix.tick();
        fix.at(seconds(0.6));
        fix.beat(1);
        fix.tickAt(seconds(3.59));
        assertEquals(fix.now() + seconds(0.01) + 1, nextNanos(), "sooner than with the allowance");
        fix.at(seconds(3.6));
        assertFalse(fix.table.judgementDue(fix.now()));
        fix.at(seconds(3.6) + 1);
        assertTrue(fix.table.judgementDue(fix.now()));
    }

    @Test
    void aLoopWithAPeerInItsAllowanceIsNotToldToComeBackAtOnce() {
        fix.hello(1, 1, ONE_THREE, host(1), address(1));
        fix.at(seconds(0.5));
        fix.table.onStall(fix.now(), seconds(0.9));
        fix.tickAt(seconds(3.85));
        fix.tickAt(seconds(3.851));
        assertEquals(fix.now() + seconds(0.049) + 1, nextNanos());
    }

    @Test
    void thePeersAreNotLookedAtInEachTurn() {
        int peers = 1000;
        int[] looks = {0};
        PeerTableConfig config = new PeerTableConfig(peers, 1, 1, new InstanceState(false, false, false, 1, 1), "test");
        PeerTable table = new PeerTable(config, new RecordedCommands()) {
            @Override
            protected boolean isSilent(Peer peer, long nowNanos) {
                looks[0]++;
                return super.isSilent(peer, nowNanos);
            }
        };
        for (int i = 1; i <= peers; i++) {
            PeerEndpoint endpoint = new PeerEndpoint(address("10.1." + i / 256 + "." + i % 256), i, 0);
            table.onHello(0, i, endpoint, PeerTableFixture.hello(i, ONE_THREE, host(i)));
        }
        for (int turn = 1; turn <= 10 * peers; turn++) {
            long now = turn * seconds(1) / peers;
            table.onFrame(now, turn % peers + 1, new Beat(1, 0, 0, 0, 0));
            assertFalse(table.judgementDue(now));
            table.onTick(now);
        }
        assertTrue(looks[0] < 50 * peers, looks[0] + " looks at a peer in 10 s");
    }

    private long nextNanos() {
        return fix.table.nextDeadlineNanos().orElseThrow();
    }

    private int beatsTo(long connection) {
        return fix.commands.sentTo(connection, Beat.class).size();
    }
}
