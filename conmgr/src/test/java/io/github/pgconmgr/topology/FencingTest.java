package io.github.pgconmgr.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rule of doubt (ADR 8) over restarts: what is remembered, when a primary is let in, who is told, what is forgotten. */
class FencingTest {

    private static final InstanceConfig ONE = Samples.instance(0);
    private static final InstanceConfig TWO = Samples.instance(1);

    private final RecordingLog log = new RecordingLog();
    private final ScriptedMemory memory = new ScriptedMemory();
    private final List<SessionsLost> lost = new ArrayList<>();
    private Topology topology = start(null);

    /** Keeps records when the test says so. */
    private static final class ScriptedMemory implements TimelineMemory {
        private final List<@Nullable TimelineRecord> asked = new ArrayList<>();
        private Consumer<@Nullable TimelineRecord> whenKept = record -> {};
        private boolean slow;

        @Override
        public void keep(@Nullable TimelineRecord record, Consumer<@Nullable TimelineRecord> then) {
            asked.add(record);
            whenKept = then;
            if (!slow) {
                then.accept(record);
            }
        }

        private @Nullable TimelineRecord newest() {
            return asked.get(asked.size() - 1);
        }
    }

    private Topology start(@Nullable TimelineRecord remembered) {
        Topology started = new Topology(List.of(ONE, TWO), log, remembered, memory);
        started.addListener(lost::add);
        return started;
    }

    private static TimelineRecord record(int timeline, String primary) {
        return new TimelineRecord(Samples.SYSTEM_IDENTIFIER, timeline, primary);
    }

    private static String name(InstanceConfig config) {
        return config.host() + ":" + config.backendPort();
    }

    private void alive(int number, boolean inRecovery, int timeline) {
        topology.eventsOf(number)
                .alive(1, "10.0.0.1", Samples.welcome(100, Samples.stateOnTimeline(inRecovery, timeline)));
    }

    private Fence fence(int number) {
        return view(number).fence();
    }

    private InstanceView view(int number) {
        return topology.snapshot().instance(number).orElseThrow();
    }

    @Test
    void anOldPrimaryIsStaleForTheNextConmgrFromItsFirstWordOn() {
        alive(0, false, 1);
        alive(1, false, 2);
        assertEquals(record(2, name(TWO)), memory.newest());
        topology = start(memory.newest());
        List<Boolean> everTookConnections = new ArrayList<>();
        topology.addChangeListener(() -> everTookConnections.add(view(0).takesConnections()));
        alive(0, false, 1);
        assertEquals(Fence.STALE, fence(0));
        assertFalse(everTookConnections.contains(true), "not in any snapshot");
        assertEquals(
                "instance 0: instance gets no connections: it is a primary on timeline 1, but timeline 2 has been seen",
                log.texts(Message.INSTANCE_FENCED).get(1));
    }

    @Test
    void ofTwoPrimariesOnOneTimelineTheOneKnownFirstStaysForTheNextConmgr() {
        alive(1, false, 5);
        topology = start(memory.newest());
        alive(0, false, 5);
        assertEquals(Fence.SECOND_PRIMARY, fence(0), "whoever answers first");
        alive(1, false, 5);
        assertEquals(Fence.NONE, fence(1));
        assertTrue(log.texts(Message.INSTANCE_FENCED).get(0).contains(name(TWO) + " was known first"));
    }

    @Test
    void theClaimOfAnInstanceThatTheFileNamesNoMoreIsVoid() {
        topology = start(record(5, "gone.example:27500"));
        alive(0, false, 5);
        assertEquals(Fence.NONE, fence(0));
        assertEquals(record(5, name(ONE)), memory.newest());
        alive(1, false, 4);
        assertEquals(Fence.STALE, fence(1), "the timeline still counts");
    }

    @Test
    void aForeignSystemIdentifierIsForeignForTheNextConmgrWhoeverAnswersFirst() {
        alive(0, false, 1);
        topology = start(memory.newest());
        topology.eventsOf(1).alive(1, "10.0.0.2", new Welcome(1, 4711, 5, Samples.PRIMARY, ""));
        assertEquals(Fence.FOREIGN, fence(1));
        alive(0, false, 1);
        assertEquals(Fence.NONE, fence(0));
    }

    @Test
    void aPrimaryGetsNobodyBeforeItsTimelineIsKept() {
        memory.slow = true;
        alive(0, false, 1);
        assertEquals(Fence.UNRECORDED, fence(0));
        assertFalse(view(0).takesConnections());
        memory.whenKept.accept(memory.newest());
        assertTrue(view(0).takesConnections());
        assertEquals(0, log.count(Message.INSTANCE_FENCED), "an ordinary start is no alarm");
        assertEquals(0, log.count(Message.INSTANCE_UNFENCED));
    }

    @Test
    void theOldPrimaryIsStaleAtOnceEvenIfTheDiskIsSlow() {
        alive(0, false, 1);
        memory.slow = true;
        alive(1, false, 2);
        assertEquals(Fence.STALE, fence(0));
        assertEquals(Fence.UNRECORDED, fence(1));
    }

    @Test
    void whatIsRememberedAlreadyIsNotWrittenAgain() {
        topology = start(record(1, name(ONE)));
        alive(0, false, 1);
        alive(1, true, 1);
        topology.eventsOf(0).beat(2, 100, 4711);
        assertEquals(List.of(), memory.asked);
        assertTrue(view(0).takesConnections());
    }

    @Test
    void aStandbyNeedsNoRecord() {
        memory.slow = true;
        alive(1, true, 1);
        assertTrue(view(1).takesConnections());
    }

    @Test
    void forgettingLearnsAgainWhatTheLivingSay() {
        alive(0, false, 1);
        alive(1, false, 2);
        topology.eventsOf(1).down(2, "stopped by the operator");
        Topology.Forgotten forgotten = topology.forget();
        assertEquals(new Topology.Forgotten(record(2, name(TWO)), record(1, name(ONE))), forgotten);
        assertTrue(view(0).takesConnections());
        assertEquals(Fence.NONE, fence(1), "nothing is said of one that is down");
        assertEquals(record(1, name(ONE)), memory.newest());
        assertEquals(1, log.count(Message.TIMELINE_FORGOTTEN));
    }

    @Test
    void forgettingWhileTheNewerPrimaryIsAliveChangesNothing() {
        alive(0, false, 1);
        alive(1, false, 2);
        assertEquals(record(2, name(TWO)), topology.forget().after());
        assertEquals(Fence.STALE, fence(0));
        assertTrue(view(1).takesConnections());
    }

    @Test
    void forgettingWithNobodyAliveRemovesTheRecord() {
        topology = start(record(9, name(ONE)));
        assertNull(topology.forget().after());
        assertNull(memory.newest());
        alive(1, false, 1);
        assertTrue(view(1).takesConnections());
    }

    @Test
    void sessionsOfAStalePrimaryStayUnlessTheyShallBeFenced() {
        alive(0, false, 1);
        alive(1, false, 2);
        assertEquals(List.of(), lost);
    }

    @Test
    void sessionsOfAPrimaryThatBecomesStaleAreToldOnce() {
        topology.fenceSessions(true);
        alive(0, false, 1);
        alive(1, false, 2);
        topology.eventsOf(0).beat(3, 1, 1);
        assertEquals(1, lost.size());
        assertEquals(0, lost.get(0).instanceNumber());
        assertEquals(
                "fenced: it is a primary on timeline 1, but timeline 2 has been seen",
                lost.get(0).reason());
        assertTrue(lost.get(0).generation() <= topology.snapshot().generation());
    }

    @Test
    void switchingItOnTellsTheSessionsOfThoseThatAreStaleAlready() {
        alive(0, false, 1);
        alive(1, false, 2);
        topology.fenceSessions(true);
        topology.fenceSessions(true);
        assertEquals(1, lost.size());
    }

    @Test
    void aStalePrimaryThatIsDownHasNobodyToTell() {
        topology.fenceSessions(true);
        alive(0, false, 1);
        topology.eventsOf(0).down(2, "silent");
        alive(1, false, 2);
        assertEquals(1, lost.size(), "of the down, not of the fence");
    }

    @Test
    void aSecondPrimaryHasNoSessionsToTell() {
        topology.fenceSessions(true);
        alive(0, false, 1);
        alive(1, false, 1);
        assertEquals(List.of(), lost);
    }
}
