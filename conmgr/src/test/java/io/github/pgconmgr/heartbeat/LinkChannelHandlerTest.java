package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hostile bytes on the heartbeat connection. */
class LinkChannelHandlerTest {

    private final LinkHarness harness = LinkHarness.withDefaults();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void connect() {
        harness.start();
        harness.link.onConnected(harness.now(), harness.attempt, "10.0.0.1");
        LinkGuard guard = new LinkGuard(null);
        new LinkChannelHandler(harness.attempt, harness.link, guard, harness::now, harness.log, "instance 0")
                .addTo(channel.pipeline());
    }

    @Test
    void aFrameInSingleBytesArrives() {
        ByteBuffer welcome = HeartbeatCodec.encode(Samples.welcome(1, Samples.PRIMARY));
        while (welcome.hasRemaining()) {
            assertEquals(Liveness.UNKNOWN, harness.link.liveness());
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {welcome.get()}));
        }
        assertEquals(Liveness.ALIVE, harness.link.liveness());
    }

    @Test
    void aByteNowAndThenKeepsNobodyAlive() {
        write(HeartbeatCodec.encode(Samples.welcome(1, Samples.PRIMARY)));
        ByteBuffer beat = HeartbeatCodec.encode(Samples.beat(1));
        for (int second = 0; second < 21; second++) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {beat.get()}));
            harness.tickAfterMillis(1_000);
        }
        assertEquals(Liveness.DOWN, harness.link.liveness());
    }

    @Test
    void anEmptyFrameIsAProtocolError() {
        write(ByteBuffer.wrap(new byte[] {0, 0}));
        assertEquals("down: protocol error: frame of 0 bytes", harness.done.get(3));
    }

    @Test
    void anOversizedFrameIsAProtocolErrorBeforeItIsThere() {
        write(ByteBuffer.wrap(new byte[] {4, 1}));
        assertEquals("down: protocol error: frame is too long", harness.done.get(3));
        assertFalse(channel.isOpen());
    }

    @Test
    void theLongestFrameIsReadAndThenJudged() {
        byte[] longest = new byte[1026];
        longest[0] = 4;
        longest[2] = 99;
        write(ByteBuffer.wrap(longest));
        assertEquals("down: protocol error: unknown frame type 99", harness.done.get(3));
    }

    @Test
    void anHttpServerIsAProtocolError() {
        write(ByteBuffer.wrap("HTTP/1.1 400 Bad Request\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        assertTrue(harness.done.get(3).startsWith("down: protocol error"), harness.done::toString);
    }

    @Test
    void framesBehindAWrongOneAreNotUsed() {
        ByteBuffer welcome = HeartbeatCodec.encode(Samples.welcome(1, Samples.PRIMARY));
        write(ByteBuffer.allocate(2 + welcome.remaining())
                .put(new byte[] {0, 0})
                .put(welcome)
                .flip());
        assertEquals(Liveness.DOWN, harness.link.liveness());
    }

    @Test
    void anEndOfFileIsAClose() {
        write(HeartbeatCodec.encode(Samples.welcome(1, Samples.PRIMARY)));
        assertTrue(channel.close().isSuccess());
        assertEquals(Liveness.SUSPECT, harness.link.liveness());
    }

    private void write(ByteBuffer bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }
}
