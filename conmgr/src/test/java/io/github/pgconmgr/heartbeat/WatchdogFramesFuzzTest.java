package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whatever answers on the watchdog's port, under Jazzer (docs/fuzzing.md): nothing is thrown, and one that does not know the shared
 * secret never makes an instance ALIVE.
 */
class WatchdogFramesFuzzTest {

    private static final SharedSecret SECRET = new SharedSecret(new byte[SharedSecret.MIN_BYTES]);

    @FuzzTest(maxDuration = "24h")
    void anyWatchdogIsObeyedOrLeft(byte[] bytes) {
        talk(bytes, null);
    }

    @FuzzTest(maxDuration = "24h")
    void nobodyIsBelievedWithoutTheSecret(byte[] bytes) {
        assertNotEquals(Liveness.ALIVE, talk(bytes, SECRET));
    }

    /** Pieces, each behind its length in 100 bytes at most and the tenths of seconds that pass before it. */
    private static Liveness talk(byte[] bytes, SharedSecret secret) {
        LinkHarness harness = LinkHarness.withDefaults();
        harness.start();
        EmbeddedChannel channel = new EmbeddedChannel();
        harness.link.onConnected(harness.now(), harness.attempt, "10.0.0.1");
        LinkGuard guard = new LinkGuard(secret);
        new LinkChannelHandler(harness.attempt, harness.link, guard, harness::now, harness.log, "instance 0")
                .addTo(channel.pipeline());
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() > 2 && channel.isOpen()) {
            int size = Math.min(Byte.toUnsignedInt(in.get()) % 101, in.remaining() - 1);
            harness.tickAfterMillis(Byte.toUnsignedInt(in.get()) * 100L);
            channel.writeInbound(Unpooled.copiedBuffer(in.slice(in.position(), size)));
            in.position(in.position() + size);
        }
        channel.finishAndReleaseAll();
        assertEquals(List.of(), harness.log.texts(Message.HEARTBEAT_INTERNAL_ERROR));
        return harness.link.liveness();
    }
}
