package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatProtocol;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A watchdog that does not read. */
class LinkWriterTest {

    private static final HeartbeatFrame HELLO =
            Samples.hello(Samples.heartbeat(1_000, 3_000).settings());

    /** Takes nothing off our hands. Confined to the test's thread. */
    private static final class FullChannel extends EmbeddedChannel {
        @Override
        protected void doWrite(ChannelOutboundBuffer out) {
            assertTrue(out.size() > 0);
        }

        int waiting() {
            ChannelOutboundBuffer out = unsafe().outboundBuffer();
            return out == null ? 0 : out.size();
        }
    }

    private final FullChannel full = new FullChannel();

    @Test
    void beatsAreLeftOutAsLongAsSomethingWaits() {
        LinkWriter.send(full, Samples.beat(1));
        LinkWriter.send(full, Samples.beat(2));
        assertEquals(1, full.waiting());
        assertTrue(full.isOpen());
    }

    @Test
    void whatWaitsNeverExceedsTheLimit() {
        for (int frames = 0; full.isOpen(); frames++) {
            ChannelOutboundBuffer out = full.unsafe().outboundBuffer();
            long waiting = out == null ? 0 : out.totalPendingWriteBytes();
            assertTrue(frames < 100 && waiting <= HeartbeatProtocol.MAX_UNSENT_BYTES + 128, () -> waiting + " bytes");
            LinkWriter.send(full, HELLO);
        }
        assertFalse(full.isOpen());
    }

    @Test
    void aLastFrameThatDoesNotGoOutIsGivenUpAfterOneSecond() {
        full.freezeTime();
        LinkWriter.sendLast(full, new Goodbye(Goodbye.Reason.STOP));
        full.advanceTimeBy(LinkWriter.LAST_FRAME_LIMIT_MILLIS - 1, TimeUnit.MILLISECONDS);
        full.runPendingTasks();
        assertTrue(full.isOpen(), "just before");
        full.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        full.runPendingTasks();
        assertFalse(full.isOpen(), "at the limit");
    }
}
