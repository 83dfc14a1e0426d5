package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.ManualClock;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/protocol.md, section 2, from a client's point of view, in frozen time. */
class FirstBytesHandlerTest {

    private static final ByteBuffer REQUEST =
            new RedirectRequest(0, TargetAttribute.PRIMARY, Map.of("application_name", "shop")).encode();

    private final RecordingLog log = new RecordingLog();
    private final Topology topology = new Topology(List.of(Samples.instance(0)), log);
    private final SessionRegistry sessions = new SessionRegistry(log);
    private final StageOne stageOne = new StageOne(topology, sessions, new ManualClock());
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<ByteBuffer> relayed = new ArrayList<>();

    FirstBytesHandlerTest() {
        channel.freezeTime();
        channel.pipeline()
                .addLast(new FirstBytesHandler(stageOne, sessions, log, (client, received) -> relayed.add(received)));
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void primaryIsAlive() {
        topology.eventsOf(0).alive(1, "10.0.0.1", Samples.welcome(100, Samples.PRIMARY));
    }

    private void write(ByteBuffer bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes.duplicate()));
    }

    private byte[] read() {
        ByteBuf out = channel.readOutbound();
        if (out == null) {
            return new byte[0];
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        return bytes;
    }

    private RedirectAnswer readAnswer() throws MalformedMessageException {
        ByteBuffer bytes = ByteBuffer.wrap(read());
        byte type = bytes.get();
        assertEquals(bytes.remaining(), bytes.getInt());
        return RedirectAnswer.decodeBody(type, bytes);
    }

    private void advanceMillis(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
    }

    @Test
    @Proves({"T1", "T2"})
    void anAwareDriverIsSentToItsInstanceAndStays() throws MalformedMessageException {
        primaryIsAlive();
        write(REQUEST);
        assertEquals(new RedirectAnswer.Instance(0, 27500, "db0.example", "10.0.0.1", "primary"), readAnswer());
        advanceMillis(60_000);
        assertTrue(channel.isOpen());
        assertEquals(1, sessions.sessionsOf(0));
        assertEquals(Map.of("application_name", "shop"), sessions.list().get(0).details());
    }

    @Test
    void aDriverThatNobodyFitsIsRefusedAndClosed() throws MalformedMessageException {
        write(REQUEST);
        RedirectAnswer.Refusal refusal = assertInstanceOf(RedirectAnswer.Refusal.class, readAnswer());
        assertEquals("08001", refusal.sqlState());
        assertFalse(channel.isOpen());
        assertEquals(0, sessions.list().size());
    }

    @Test
    @Proves("T4")
    void aSessionOfALostInstanceGetsOneNoticeAndIsClosed() throws MalformedMessageException {
        primaryIsAlive();
        write(REQUEST);
        readAnswer();
        sessions.onSessionsLost(new SessionsLost(0, 100, "no heartbeat for 20.0 s", Long.MAX_VALUE));
        assertEquals(new RedirectAnswer.Down(0, "no heartbeat for 20.0 s"), readAnswer());
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
        assertEquals(0, sessions.sessionsOf(0));
    }

    @Test
    @Proves("T4")
    void aSessionRoutedByASnapshotOlderThanTheLossGetsItsNoticeBehindItsAnswer() throws MalformedMessageException {
        primaryIsAlive();
        sessions.onSessionsLost(
                new SessionsLost(0, 100, "silent", topology.snapshot().generation() + 1));
        write(REQUEST);
        assertInstanceOf(RedirectAnswer.Instance.class, readAnswer());
        assertEquals(new RedirectAnswer.Down(0, "silent"), readAnswer());
        assertFalse(channel.isOpen());
    }

    @Test
    void aRedirectedClientThatSpeaksIsClosed() throws MalformedMessageException {
        primaryIsAlive();
        write(REQUEST);
        readAnswer();
        write(ByteBuffer.wrap(new byte[] {1}));
        assertFalse(channel.isOpen());
        assertEquals(0, sessions.sessionsOf(0));
        assertNull(channel.readOutbound());
    }

    @Test
    void aClientThatGoesIsForgotten() {
        primaryIsAlive();
        write(REQUEST);
        assertTrue(channel.close().isSuccess());
        assertEquals(0, sessions.sessionsOf(0));
        assertEquals(0, sessions.list().size());
    }

    @Test
    void aByteASecondIsClosedAfterFiveSeconds() {
        primaryIsAlive();
        ByteBuffer slow = REQUEST.duplicate();
        for (int second = 0; second < 5; second++) {
            assertTrue(channel.isOpen());
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {slow.get()}));
            advanceMillis(second < 4 ? 1_000 : 999);
        }
        assertTrue(channel.isOpen(), "just before");
        advanceMillis(1);
        assertFalse(channel.isOpen(), "at the limit");
        assertNull(channel.readOutbound());
    }

    @Test
    void aRequestInTwoPiecesIsAnswered() {
        primaryIsAlive();
        write(REQUEST.slice(0, 13));
        advanceMillis(4_000);
        write(REQUEST.slice(13, REQUEST.limit() - 13));
        assertEquals('c', read()[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {3 << 16, (3 << 16) + 2, 80877102})
    @Proves("T1")
    void aStockDriverGoesToTheRelayWithAllThatItHasSaid(int code) {
        ByteBuffer first = FirstBytesTest.message(50, code, 'x');
        write(first);
        assertEquals(List.of(first), relayed);
        assertTrue(channel.isOpen());
        assertNull(channel.readOutbound());
    }

    @ParameterizedTest
    @ValueSource(ints = {80877103, 80877104})
    void anEncryptionRequestGoesToTheRelayUnanswered(int code) {
        write(FirstBytesTest.message(8, code, 0));
        assertEquals(List.of(FirstBytesTest.message(8, code, 0)), relayed);
        assertNull(channel.readOutbound());
    }

    @Test
    void directTlsGoesToTheRelay() {
        write(ByteBuffer.wrap(new byte[] {0x16, 3, 1}));
        assertEquals(1, relayed.size());
    }

    @Test
    void theTimeLimitOfTheFirstBytesIsNoMoreForARelayedClient() {
        write(FirstBytesTest.message(8, 80877103, 0));
        advanceMillis(5_000);
        assertTrue(channel.isOpen());
    }

    @ParameterizedTest
    @ValueSource(ints = {2 << 16, 4 << 16, 12345})
    void whatIsNotForUsIsClosedWithoutAWord(int code) {
        write(FirstBytesTest.message(16, code, 0));
        assertClosedWithoutAWord();
    }

    @Test
    void textIsClosedWithoutAWord() {
        write(ByteBuffer.wrap("GET / HTTP".getBytes(StandardCharsets.US_ASCII)));
        assertClosedWithoutAWord();
    }

    @Test
    void aRequestWithAWrongVersionIsClosed() {
        ByteBuffer wrong =
                ByteBuffer.allocate(REQUEST.limit()).put(REQUEST.duplicate()).flip();
        wrong.putShort(12, (short) 2);
        write(wrong);
        assertClosedWithoutAWord();
        assertTrue(log.texts(Message.CLIENT_CLOSED).get(0).contains("version 2"));
    }

    @Test
    void aRequestThatIsAnnouncedTooLongIsClosedBeforeItIsRead() {
        write(ByteBuffer.allocate(4).putInt(10_001).flip());
        assertClosedWithoutAWord();
    }

    private void assertClosedWithoutAWord() {
        assertNull(channel.readOutbound());
        assertFalse(channel.isOpen());
        assertEquals(0, sessions.list().size());
    }
}
