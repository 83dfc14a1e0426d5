package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.scripted.ManualClock;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.List;

/** conmgr's port without its socket under Jazzer (docs/fuzzing.md): whoever connects is answered, relayed or closed. */
class StageOneFuzzTest {

    private final Log log = (message, component, arguments) -> {};
    private final Topology topology = new Topology(List.of(Samples.instance(0), Samples.instance(1)), log);
    private final SessionRegistry sessions = new SessionRegistry(log);
    private final StageOne stageOne = new StageOne(topology, sessions, new ManualClock(), new LsnInterest(() -> {}));

    StageOneFuzzTest() {
        topology.eventsOf(0).alive(1, "10.0.0.1", Samples.welcome(100, Samples.PRIMARY));
        stageOne.configure(new RoutingConfig(false, 1_000, RoutingConfig.NO_LAG_LIMIT));
    }

    /** The first byte is the size of the pieces in which the others come. */
    @FuzzTest(maxDuration = "24h")
    void whateverComesIsAnsweredRelayedOrClosed(byte[] bytes) throws MalformedMessageException {
        EmbeddedChannel channel = new EmbeddedChannel();
        boolean[] relayed = new boolean[1];
        channel.pipeline()
                .addLast(new FirstBytesHandler(stageOne, sessions, log, (client, received) -> relayed[0] = true));
        int piece = bytes.length == 0 ? 1 : 1 + Byte.toUnsignedInt(bytes[0]) * 8;
        for (int at = 1; at < bytes.length && channel.isOpen(); at += piece) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
        }
        int answered = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            ByteBuffer answer = out.nioBuffer();
            byte type = answer.get();
            assertEquals(answer.remaining() - Integer.BYTES, RedirectAnswer.bodyBytes(answer.getInt()));
            RedirectAnswer.decodeBody(type, answer);
            out.release();
            answered++;
        }
        assertTrue(answered <= 1, "more than one answer");
        assertFalse(relayed[0] && answered > 0, "relayed and answered");
        channel.finishAndReleaseAll();
        assertEquals(0, sessions.list().size(), "a session outlives its connection");
        assertFalse(stageOne.room().isOccupied(), "somebody waits who is gone");
    }
}
