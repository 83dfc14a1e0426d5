package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.ManualClock;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.redirect.LsnWish;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code min_lsn} from a driver's point of view (ADR 11), in frozen time: instance 0 is the primary, 1 a standby at 500. */
class MinLsnTest {

    private final RecordingLog log = new RecordingLog();
    private final Topology topology = new Topology(List.of(Samples.instance(0), Samples.instance(1)), log);
    private final SessionRegistry sessions = new SessionRegistry(log);
    private final ManualClock clock = new ManualClock();
    private int lsnWanted;
    private final StageOne stageOne = new StageOne(topology, sessions, clock, new LsnInterest(() -> lsnWanted++));
    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @BeforeEach
    void start() {
        topology.addChangeListener(stageOne::onTopologyChanged);
        topology.eventsOf(0).alive(1, "10.0.0.1", Samples.welcome(100, state(false, 1, 600)));
        topology.eventsOf(1).alive(1, "10.0.0.2", Samples.welcome(100, state(true, 1, 500)));
    }

    @AfterEach
    void release() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
        assertEquals(0, stageOne.room().size(), "nobody is left behind");
    }

    private static InstanceState state(boolean inRecovery, int timeline, long lsn) {
        return new InstanceState(inRecovery, false, false, timeline, lsn);
    }

    private EmbeddedChannel sends(RedirectRequest request) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channels.add(channel);
        channel.freezeTime();
        channel.pipeline().addLast(new FirstBytesHandler(stageOne, sessions, log, (client, received) -> {}));
        channel.writeInbound(Unpooled.copiedBuffer(request.encode()));
        return channel;
    }

    private EmbeddedChannel asks(TargetAttribute target, long lsn, int waitMillis) {
        return sends(new RedirectRequest(0, target, Map.of()).wishing(new LsnWish(lsn, waitMillis)));
    }

    private static void advance(EmbeddedChannel channel, long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
    }

    private static RedirectAnswer answer(EmbeddedChannel channel) throws MalformedMessageException {
        ByteBuf out = channel.readOutbound();
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        ByteBuffer answer = ByteBuffer.wrap(bytes);
        byte type = answer.get();
        answer.getInt();
        return RedirectAnswer.decodeBody(type, answer);
    }

    private static RedirectAnswer.Instance instance(EmbeddedChannel channel) throws MalformedMessageException {
        return assertInstanceOf(RedirectAnswer.Instance.class, answer(channel));
    }

    @Test
    void aStandbyThatHasReplayedItIsNamedAtOnceAndConmgrSaysThatItHasHeededTheWish() throws MalformedMessageException {
        RedirectAnswer.Instance standby = instance(asks(TargetAttribute.STANDBY, 500, 5000));
        assertEquals(1, standby.instanceNumber());
        assertEquals(500, standby.minLsn());
    }

    @Test
    void aDriverThatDoesNotReadPairsIsSentNone() throws MalformedMessageException {
        RedirectRequest silent =
                new RedirectRequest(0, TargetAttribute.STANDBY, new LsnWish(500, LsnWish.UNSAID), Map.of());
        assertEquals(0, instance(sends(silent)).minLsn());
    }

    @Test
    void aStandbyBehindItIsWaitedForUntilABeatSaysThatItIsThere() throws MalformedMessageException {
        EmbeddedChannel early = asks(TargetAttribute.STANDBY, 501, 5000);
        EmbeddedChannel late = asks(TargetAttribute.STANDBY, 502, 5000);
        advance(early, 4000);
        topology.eventsOf(1).beat(2, -1, 500);
        assertNull(early.readOutbound());
        topology.eventsOf(1).beat(3, -1, 501);
        assertEquals(1, instance(early).instanceNumber());
        assertNull(late.readOutbound());
        topology.eventsOf(1).beat(4, -1, 700);
        assertEquals(502, instance(late).minLsn());
    }

    @Test
    void theRefusalComesBeforeTheDriverGivesUpAndSaysHowFarTheStandbyIs() throws MalformedMessageException {
        EmbeddedChannel channel = asks(TargetAttribute.STANDBY, 0x1_0000_0000L, 5000);
        advance(channel, 4499);
        assertNull(channel.readOutbound());
        advance(channel, 1);
        RedirectAnswer.Refusal refusal = assertInstanceOf(RedirectAnswer.Refusal.class, answer(channel));
        assertEquals("08001", refusal.sqlState());
        assertTrue(
                refusal.message().contains("instance 1 is a standby that has replayed 0/1F4, not yet 1/0"),
                refusal.message());
        assertTrue(refusal.message().startsWith("waited for 4500 ms: "), refusal.message());
    }

    @Test
    void aDriverWithoutALimitOfItsOwnWaitsAsLongAsRouteWaitCan() {
        EmbeddedChannel channel = asks(TargetAttribute.STANDBY, 501, LsnWish.UNSAID);
        advance(channel, 59_999);
        assertNull(channel.readOutbound());
        advance(channel, 1);
        channel.releaseOutbound();
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
    }

    @Test
    void aDriverThatDoesNotWaitIsRefusedAtOnce() throws MalformedMessageException {
        assertInstanceOf(RedirectAnswer.Refusal.class, answer(asks(TargetAttribute.STANDBY, 501, 0)));
    }

    @Test
    void whereNobodyHasTheAttributeNobodyIsWaitedFor() throws MalformedMessageException {
        topology.eventsOf(1).down(2, "gone");
        assertInstanceOf(RedirectAnswer.Refusal.class, answer(asks(TargetAttribute.STANDBY, 501, 5000)));
    }

    @Test
    void thePrimaryHasEverythingWhateverItsLastBeatSaid() throws MalformedMessageException {
        for (TargetAttribute target : List.of(
                TargetAttribute.ANY,
                TargetAttribute.PRIMARY,
                TargetAttribute.READ_WRITE,
                TargetAttribute.PREFER_STANDBY)) {
            assertEquals(0, instance(asks(target, -1, 5000)).instanceNumber(), target.word());
        }
        assertEquals(
                1, instance(asks(TargetAttribute.PREFER_STANDBY, 499, 5000)).instanceNumber());
    }

    @Test
    void aStandbyOnAnOlderTimelineMayHaveLeftTheHistory() throws MalformedMessageException {
        topology.eventsOf(0).state(2, state(false, 2, 600));
        assertInstanceOf(RedirectAnswer.Refusal.class, answer(asks(TargetAttribute.STANDBY, 1, 0)));
        topology.eventsOf(0).down(3, "gone");
        EmbeddedChannel waiting = asks(TargetAttribute.STANDBY, 1, 5000);
        assertNull(waiting.readOutbound(), "the newest timeline is known as long as conmgr runs");
        topology.eventsOf(1).state(4, state(true, 2, 400));
        assertEquals(1, instance(waiting).instanceNumber());
    }

    @Test
    void theHeartbeatHearsOfTheInterestOnceForManyQuestions() {
        asks(TargetAttribute.STANDBY, 1, 0).releaseOutbound();
        asks(TargetAttribute.STANDBY, 2, 0).releaseOutbound();
        sends(new RedirectRequest(0, TargetAttribute.STANDBY, Map.of())).releaseOutbound();
        assertEquals(1, lsnWanted);
        clock.advanceNanos(LsnInterest.TELL_AGAIN_NANOS - 1);
        asks(TargetAttribute.STANDBY, 3, 0).releaseOutbound();
        assertEquals(1, lsnWanted);
        clock.advanceNanos(1);
        asks(TargetAttribute.STANDBY, 4, 0).releaseOutbound();
        assertEquals(2, lsnWanted);
    }
}
