package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.ManualClock;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.MalformedMessageException;
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
import org.junit.jupiter.api.Test;

/** {@code route_wait} from a client's point of view, in frozen time. */
class RouteWaitTest {

    private static final int WAIT_MILLIS = 8_000;

    private final RecordingLog log = new RecordingLog();
    private final Topology topology = new Topology(List.of(Samples.instance(0), Samples.instance(1)), log);
    private final SessionRegistry sessions = new SessionRegistry(log);
    private final StageOne stageOne = new StageOne(topology, sessions, new ManualClock());
    private final List<EmbeddedChannel> channels = new ArrayList<>();

    RouteWaitTest() {
        stageOne.configure(new RoutingConfig(false, WAIT_MILLIS, RoutingConfig.NO_LAG_LIMIT));
        topology.addChangeListener(stageOne::onTopologyChanged);
    }

    private EmbeddedChannel asks(TargetAttribute target) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channels.add(channel);
        channel.freezeTime();
        channel.pipeline().addLast(new FirstBytesHandler(stageOne, sessions, log, (client, received) -> {}));
        channel.writeInbound(Unpooled.copiedBuffer(new RedirectRequest(0, target, Map.of()).encode()));
        return channel;
    }

    @AfterEach
    void release() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
        assertEquals(0, stageOne.room().size(), "nobody is left behind");
    }

    private void aliveAs(int number, boolean inRecovery) {
        topology.eventsOf(number).alive(1, "10.0.0.1", Samples.welcome(100, Samples.stateOnTimeline(inRecovery, 1)));
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

    @Test
    void aWaitEndsTheMomentAnInstanceFits() throws MalformedMessageException {
        EmbeddedChannel writer = asks(TargetAttribute.READ_WRITE);
        EmbeddedChannel reader = asks(TargetAttribute.STANDBY);
        advance(writer, WAIT_MILLIS - 1);
        assertNull(writer.readOutbound(), "just before the limit");
        aliveAs(1, false);
        assertEquals(
                1,
                assertInstanceOf(RedirectAnswer.Instance.class, answer(writer)).instanceNumber());
        assertEquals(1, sessions.sessionsOf(1));
        assertNull(reader.readOutbound(), "nobody fits this one yet");
        assertEquals(1, stageOne.room().size());
        aliveAs(0, true);
        assertEquals(
                0,
                assertInstanceOf(RedirectAnswer.Instance.class, answer(reader)).instanceNumber());
    }

    @Test
    void atTheLimitItIsRefused() throws MalformedMessageException {
        EmbeddedChannel channel = asks(TargetAttribute.READ_WRITE);
        advance(channel, WAIT_MILLIS);
        RedirectAnswer.Refusal refusal = assertInstanceOf(RedirectAnswer.Refusal.class, answer(channel));
        assertEquals("08001", refusal.sqlState());
        assertTrue(refusal.message().startsWith("waited for 8000 ms: no instance with"), refusal.message());
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
    }

    @Test
    void afterTheLimitNothingMoreIsSaid() {
        EmbeddedChannel channel = asks(TargetAttribute.READ_WRITE);
        advance(channel, WAIT_MILLIS);
        channel.releaseOutbound();
        aliveAs(0, false);
        assertNull(channel.readOutbound());
        assertEquals(0, sessions.sessionsOf(0));
    }

    @Test
    void theLimitOfTheFirstBytesDoesNotCutTheWait() {
        EmbeddedChannel channel = asks(TargetAttribute.READ_WRITE);
        advance(channel, TimeUnit.SECONDS.toMillis(FirstBytesHandler.LIMIT_SECONDS) + 1);
        assertTrue(channel.isOpen());
    }

    @Test
    void aDriverThatGivesUpLeavesTheRoom() {
        EmbeddedChannel channel = asks(TargetAttribute.READ_WRITE);
        assertEquals(1, stageOne.room().size());
        assertTrue(channel.close().isSuccess());
        assertEquals(0, stageOne.room().size());
        aliveAs(0, false);
        assertEquals(0, sessions.sessionsOf(0));
    }

    @Test
    void whoSpeaksWhileItWaitsIsClosed() {
        EmbeddedChannel channel = asks(TargetAttribute.READ_WRITE);
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
        assertFalse(channel.isOpen());
        assertNull(channel.readOutbound());
        assertEquals(1, log.count(Message.CLIENT_CLOSED));
    }

    @Test
    void whoComesFirstIsServedFirst() throws MalformedMessageException {
        List<EmbeddedChannel> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(asks(TargetAttribute.ANY));
        }
        aliveAs(0, false);
        for (EmbeddedChannel channel : waiting) {
            assertInstanceOf(RedirectAnswer.Instance.class, answer(channel));
        }
        assertEquals(10, sessions.sessionsOf(0));
    }

    @Test
    void aFullRoomRefusesAtOnce() throws MalformedMessageException {
        List<WaitingRoom.Guest> guests = new ArrayList<>();
        for (int i = 0; i < WaitingRoom.MAX_WAITING; i++) {
            guests.add(new WaitingRoom.Guest(TargetAttribute.PRIMARY, () -> {}));
            assertTrue(stageOne.room().enter(guests.get(i)));
        }
        assertInstanceOf(RedirectAnswer.Refusal.class, answer(asks(TargetAttribute.PRIMARY)));
        stageOne.room().leave(guests.get(0));
        assertNull(asks(TargetAttribute.PRIMARY).readOutbound(), "one place is free");
        guests.forEach(stageOne.room()::leave);
    }

    @Test
    void withoutItARefusalComesAtOnce() throws MalformedMessageException {
        stageOne.configure(RoutingConfig.DEFAULT);
        assertInstanceOf(RedirectAnswer.Refusal.class, answer(asks(TargetAttribute.PRIMARY)));
    }

    @Test
    void aChangeBetweenTheRefusalAndTheRoomIsNotMissed() throws MalformedMessageException {
        Topology late = new Topology(List.of(Samples.instance(0)), log);
        // The clock is read once for each look: after the first one the primary is there, and nobody has told.
        ManualClock clock = new ManualClock();
        int[] looks = {0};
        StageOne racing = new StageOne(late, sessions, () -> {
            looks[0]++;
            if (looks[0] == 1) {
                late.eventsOf(0).alive(1, "10.0.0.1", Samples.welcome(100, Samples.PRIMARY));
            }
            return clock.nanoTime();
        });
        racing.configure(stageOne.routing());
        EmbeddedChannel channel =
                new EmbeddedChannel(new FirstBytesHandler(racing, sessions, log, (client, received) -> {}));
        channels.add(channel);
        channel.writeInbound(Unpooled.copiedBuffer(new RedirectRequest(0, TargetAttribute.PRIMARY, Map.of()).encode()));
        assertInstanceOf(RedirectAnswer.Instance.class, answer(channel));
        assertEquals(0, racing.room().size());
    }
}
