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

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first frame, the frames that nobody may send, and what everyone hears. */
class PeerHelloTest {

    private final PeerTableFixture fix = new PeerTableFixture(2);

    @Test
    void helloIsAnsweredByWelcomeAndTheFirstBeat() {
        fix.hello(1);
        Welcome welcome = fix.commands.sentTo(1, Welcome.class).get(0);
        assertEquals(4711, welcome.systemIdentifier());
        assertEquals(1_000_000, welcome.postmasterStartMicros());
        assertEquals(STATE, welcome.state());
        assertEquals(new Beat(1, 0, 0, 0, 77), fix.commands.sent.get(1).frame());
    }

    @Test
    @Proves("S6")
    void oneConmgrOverTheLimitIsRefusedWithAReason() {
        fix.hello(1);
        fix.hello(2);
        fix.hello(3);
        Refused refused = fix.commands.sentTo(3, Refused.class).get(0);
        assertEquals(Refused.FULL, refused.code());
        assertEquals("watchdog.max_heartbeat_connections = 2 is reached", refused.text());
        assertEquals(List.of(3L), fix.commands.closed);
        assertEquals(2, fix.table.peers().size());
        assertTrue(fix.commands.warned("refused"));
    }

    @Test
    @Proves("S6")
    void whenAllRowsAreTakenAReturningConmgrIsWelcomeAndANewcomerDoesNotPushOutALostOne() {
        fix.armed(1, 2);
        fix.closed(1);
        fix.at(seconds(21));
        fix.hello(3);
        assertTrue(fix.commands.sentTo(3, Refused.class).get(0).text().contains("1 of them lost"));
        fix.hello(1, 11, TEN_TWENTY, host(1), address(1));
        assertEquals(1, fix.commands.sentTo(11, Welcome.class).size());
        assertEquals(PeerState.ARMED, fix.state(1));
    }

    @Test
    @Proves("S6")
    void aLostRowFreesItsSlotWhenItIsJudged() {
        fix.armed(1, 2);
        fix.closed(1);
        fix.at(seconds(35));
        fix.beat(2);
        fix.tickAt(seconds(40) + 1);
        fix.hello(3);
        assertEquals(1, fix.commands.sentTo(3, Welcome.class).size());
    }

    @Test
    void anUnknownVersionIsRefusedWithOurs() {
        Hello later = new Hello(2, 3, TEN_TWENTY, id(1), Id128.NONE, host(1), "9", false, 9);
        fix.table.onHello(fix.now(), 1, new PeerEndpoint(address(1), 1, 0), later);
        Refused refused = fix.commands.sentTo(1, Refused.class).get(0);
        assertEquals(Refused.VERSION, refused.code());
        assertEquals("protocol version 1 is spoken here, not 2 to 3", refused.text());
        assertEquals(List.of(1L), fix.commands.closed);
        assertFalse(fix.knows(1));
    }

    @Test
    void aSecondHelloIsAProtocolErrorAndCountsAsClosed() {
        fix.armed(1);
        fix.hello(1);
        assertEquals(PeerState.LOST, fix.state(1));
        assertEquals(List.of(1L), fix.commands.closed);
    }

    @Test
    void framesThatOnlyAWatchdogSendsAreProtocolErrorsAndNotASignOfLife() {
        Welcome welcome = new Welcome(1, 1, 1, STATE, "");
        List<HeartbeatFrame> wrong = List.of(
                welcome,
                new Refused(1, ""),
                new StateChange(STATE),
                new Upstream("db1", 5432),
                new Goodbye(Goodbye.Reason.INSTANCE_STOPPING));
        for (HeartbeatFrame frame : wrong) {
            PeerTableFixture each = new PeerTableFixture();
            each.armed(1);
            each.at(seconds(30));
            each.frame(1, frame);
            assertEquals(PeerState.LOST, each.state(1), frame.toString());
            assertEquals(List.of(1L), each.commands.closed);
            each.tickAt(seconds(40) + 1);
            assertEquals(1, each.judgements().size());
        }
    }

    @Test
    void aFrameBeforeHelloEndsTheConnection() {
        fix.beat(7);
        assertEquals(List.of(7L), fix.commands.closed);
        assertEquals(0, fix.table.peers().size());
    }

    @Test
    void aHelloWithoutAConmgrIdEndsTheConnection() {
        fix.hello(0, 7, TEN_TWENTY, host(1), address(1));
        assertEquals(List.of(7L), fix.commands.closed);
        assertEquals(0, fix.table.peers().size());
    }

    @Test
    @Proves("T5")
    void aChangeOfTheInstanceIsToldAtOnceButNotAMereLsn() {
        fix.armed(1);
        fix.hello(2);
        fix.closed(1);
        InstanceState farther = new InstanceState(false, false, false, 1, 99);
        InstanceState promoted = new InstanceState(true, false, false, 2, 99);
        fix.table.onInstanceState(fix.now(), farther);
        assertEquals(List.of(), fix.commands.sentTo(2, StateChange.class));
        fix.table.onInstanceState(fix.now(), promoted);
        assertEquals(List.of(new StateChange(promoted)), fix.commands.sentTo(2, StateChange.class));
        assertEquals(List.of(), fix.commands.sentTo(1, StateChange.class), "it has no connection");
        fix.tickAt(seconds(30));
        assertEquals(99, fix.commands.sentTo(2, Beat.class).get(1).lsn());
    }

    @Test
    void anExitingInstanceSaysGoodbyeOnceToAllAndNothingAfterIt() {
        fix.armed(1, 2);
        fix.table.onExiting(fix.now());
        fix.table.onExiting(fix.now());
        fix.tickAt(seconds(41));
        fix.hello(3);
        for (long connection = 1; connection <= 2; connection++) {
            List<RecordedCommands.Sent> sent = fix.commands.sent;
            long to = connection;
            List<HeartbeatFrame> frames = sent.stream()
                    .filter(one -> one.connectionId() == to)
                    .map(RecordedCommands.Sent::frame)
                    .toList();
            assertEquals(new Goodbye(Goodbye.Reason.INSTANCE_STOPPING), frames.get(frames.size() - 1));
            assertEquals(1, fix.commands.sentTo(connection, Goodbye.class).size());
        }
        assertEquals(List.of(3L), fix.commands.closed);
        assertEquals(List.of(), fix.judgements());
        assertTrue(fix.table.nextDeadlineNanos().isEmpty());
    }
}
