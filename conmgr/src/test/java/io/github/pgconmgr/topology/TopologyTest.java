package io.github.pgconmgr.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots, generations, lost sessions, fences. */
class TopologyTest {

    private final RecordingLog log = new RecordingLog();
    private final Topology topology =
            new Topology(List.of(Samples.instance(7), Samples.instance(0), Samples.instance(1)), log);
    private final List<SessionsLost> lost = new ArrayList<>();

    @BeforeEach
    void listen() {
        topology.addListener(lost::add);
    }

    private InstanceView view(int number) {
        return topology.snapshot().instance(number).orElseThrow();
    }

    private void alive(int number, boolean inRecovery, int timeline) {
        topology.eventsOf(number)
                .alive(1, "10.0.0.1", Samples.welcome(100, Samples.stateOnTimeline(inRecovery, timeline)));
    }

    private void alive(int number, long systemIdentifier) {
        topology.eventsOf(number).alive(1, "10.0.0.1", new Welcome(1, systemIdentifier, 5, Samples.STANDBY, ""));
    }

    private void state(int number, boolean inRecovery, int timeline) {
        topology.eventsOf(number).state(2, Samples.stateOnTimeline(inRecovery, timeline));
    }

    private Fence fence(int number) {
        return view(number).fence();
    }

    @Test
    void instancesBeginUnknownInTheOrderOfTheirNumbers() {
        assertEquals(
                List.of(0, 1, 7),
                topology.snapshot().instances().stream()
                        .map(InstanceView::number)
                        .toList());
        assertEquals(Liveness.UNKNOWN, view(7).liveness());
        assertEquals("unknown", view(7).attribute());
        assertThrows(IllegalArgumentException.class, () -> topology.eventsOf(2));
    }

    @Test
    @Proves("T5")
    void aPushedStateIsInTheNextSnapshotAndEarlierSnapshotsStay() {
        alive(0, true, 1);
        TopologySnapshot before = topology.snapshot();
        state(0, false, 2);
        assertEquals("primary", view(0).attribute());
        assertEquals("standby", before.instance(0).orElseThrow().attribute());
        assertTrue(topology.snapshot().generation() > before.generation());
    }

    @Test
    void aBeatMovesRoundTripAndLsn() {
        alive(0, false, 1);
        topology.eventsOf(0).beat(2, 150, 4711);
        topology.eventsOf(0).beat(3, -1, 4712);
        InstanceFacts facts = view(0).facts();
        assertEquals(150, facts == null ? 0 : facts.roundTripMicros());
        assertEquals(4712, facts == null ? 0 : facts.state().lsn());
    }

    @Test
    void anInstanceThatWasNeverAliveHasNoSessionsToLose() {
        topology.eventsOf(0).down(1, "Connection refused");
        assertEquals(List.of(), lost);
        assertEquals("Connection refused", view(0).reason());
    }

    @Test
    void aDownIsPublishedBeforeItIsTold() {
        List<Liveness> seen = new ArrayList<>();
        topology.addListener(loss -> seen.add(view(loss.instanceNumber()).liveness()));
        alive(0, false, 1);
        topology.eventsOf(0).suspect(2, "closed");
        topology.eventsOf(0).down(3, "silent");
        assertEquals(List.of(Liveness.DOWN), seen);
        assertEquals(
                List.of(new SessionsLost(0, 100, "silent", topology.snapshot().generation())), lost);
    }

    @Test
    void aListenersMistakeDoesNotKeepTheOthersFromBeingTold() {
        Topology fresh = new Topology(List.of(Samples.instance(0)), log);
        fresh.addChangeListener(() -> {
            throw new IllegalStateException("mistake");
        });
        fresh.addListener(loss -> {
            throw new IllegalStateException("mistake");
        });
        fresh.addListener(lost::add);
        fresh.eventsOf(0).alive(1, "10.0.0.1", Samples.welcome(100, Samples.PRIMARY));
        fresh.eventsOf(0).down(2, "silent");
        assertEquals(1, lost.size());
        assertEquals(3, log.count(Message.HEARTBEAT_INTERNAL_ERROR));
    }

    @Test
    void aDownIsToldOnce() {
        alive(0, false, 1);
        topology.eventsOf(0).down(3, "silent");
        topology.eventsOf(0).down(4, "silent");
        assertEquals(1, lost.size());
    }

    @Test
    void theLossOfAnOldPostmasterIsOlderThanTheSnapshotThatShowsTheNewOne() {
        alive(0, false, 1);
        topology.eventsOf(0).suspect(2, "closed");
        topology.eventsOf(0).postmasterChanged(3, "restarted");
        assertEquals(Liveness.SUSPECT, view(0).liveness());
        topology.eventsOf(0).alive(3, "10.0.0.1", Samples.welcome(200, Samples.PRIMARY));
        assertEquals(100, lost.get(0).postmasterStartMicros());
        assertTrue(topology.snapshot().generation() > lost.get(0).generation());
    }

    @Test
    void aPrimaryBelowTheHighestTimelineIsStaleAlsoWhenTheNewerOneIsDown() {
        alive(0, false, 5);
        alive(1, true, 5);
        state(1, false, 6);
        assertEquals(Fence.STALE, fence(0));
        assertEquals(Fence.NONE, fence(1));
        topology.eventsOf(1).down(9, "silent");
        state(0, false, 5);
        assertEquals(Fence.STALE, fence(0));
        assertFalse(view(0).takesConnections());
    }

    @Test
    void aStandbyShowsThatANewerTimelineExists() {
        alive(1, true, 6);
        alive(0, false, 5);
        assertEquals(Fence.STALE, fence(0));
        assertEquals(Fence.NONE, fence(1), "a standby is never stale");
    }

    @Test
    void timelinesAreComparedAsUnsigned() {
        alive(0, false, -1);
        alive(1, false, 5);
        assertEquals(Fence.NONE, fence(0));
        assertEquals(Fence.STALE, fence(1));
    }

    @Test
    void anOldPrimaryThatCameBackAsAStandbyTakesConnectionsAgain() {
        alive(0, false, 5);
        alive(1, false, 6);
        state(0, true, 6);
        assertEquals(Fence.NONE, fence(0));
        assertEquals(1, log.count(Message.INSTANCE_FENCED));
        assertEquals(1, log.count(Message.INSTANCE_UNFENCED));
    }

    @Test
    void ofTwoPrimariesOnOneTimelineTheOneKnownFirstStays() {
        alive(1, false, 5);
        alive(0, false, 5);
        assertEquals(Fence.NONE, fence(1));
        assertEquals(Fence.SECOND_PRIMARY, fence(0));
        topology.eventsOf(1).down(9, "silent");
        state(0, false, 5);
        assertEquals(Fence.SECOND_PRIMARY, fence(0), "the first may be alive for others");
    }

    @Test
    void aPrimaryThatBecameAStandbyGivesItsClaimUp() {
        alive(1, false, 5);
        alive(0, false, 5);
        state(1, true, 5);
        assertEquals(Fence.NONE, fence(0));
        state(1, false, 5);
        assertEquals(Fence.SECOND_PRIMARY, fence(1));
    }

    @Test
    void aForeignSystemIdentifierIsRefusedWhateverItsRole() {
        alive(0, 42);
        alive(1, 43);
        assertEquals(Fence.NONE, fence(0));
        assertEquals(Fence.FOREIGN, fence(1));
    }

    @Test
    void aForeignTimelineProvesNothing() {
        alive(0, false, 5);
        topology.eventsOf(1)
                .alive(1, "10.0.0.2", new Welcome(1, 1, 5, new InstanceState(false, false, false, 9, 0), ""));
        assertEquals(Fence.NONE, fence(0));
    }

    @Test
    void aFenceIsLoggedOnceWithItsNumbers() {
        alive(0, false, 6);
        alive(1, false, 5);
        state(1, false, 5);
        topology.eventsOf(1).beat(3, 1, 1);
        assertEquals(
                List.of("instance 1: instance gets no connections: it is a primary on timeline 5,"
                        + " but timeline 6 has been seen"),
                log.texts(Message.INSTANCE_FENCED));
    }

    private void answers(int number, boolean inRecovery, long lsn, long askedNanos) {
        InstanceState state = new InstanceState(inRecovery, inRecovery, false, 1, lsn);
        topology.eventsOf(number)
                .alive(
                        askedNanos + 1,
                        new InstanceFacts("10.0.0.1", 100, 5, state, -1).askedAt(askedNanos),
                        "answered");
    }

    @Test
    void aStandbyIsMeasuredByWhatThePrimaryHadWhenItWasAsked() {
        topology.keepPast(1_000_000);
        answers(0, false, 10, 1_000);
        answers(1, true, 10, 1_500);
        assertEquals(OptionalLong.of(1_000), view(1).caughtUpNanos());
        answers(0, false, 20, 2_000);
        assertEquals(OptionalLong.of(1_000), view(1).caughtUpNanos());
        answers(1, true, 20, 2_500);
        assertEquals(OptionalLong.of(2_000), view(1).caughtUpNanos());
        topology.eventsOf(0).suspect(3_000, "closed");
        answers(1, true, 30, 3_500);
        assertEquals(OptionalLong.of(2_000), view(1).caughtUpNanos());
        assertEquals(OptionalLong.empty(), view(0).caughtUpNanos());
    }
}
