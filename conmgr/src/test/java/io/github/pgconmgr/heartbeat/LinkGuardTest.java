package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Challenge;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.Proof;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a false watchdog can make conmgr's link believe: nothing (ADR 5). */
class LinkGuardTest {

    private static final SharedSecret SECRET = secret("the right secret");
    private static final SharedSecret OTHER = secret("the wrong secret");
    private static final Id128 NONCE = new Id128(5, 6);
    private static final Hello HELLO =
            Samples.hello(new HeartbeatSettings(10_000, 20_000)).wantingProof();
    private static final HeartbeatFrame WELCOME = Samples.welcome(1, Samples.PRIMARY);

    private final LinkHarness harness = LinkHarness.withDefaults();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private static SharedSecret secret(String text) {
        return new SharedSecret(text.getBytes(StandardCharsets.US_ASCII));
    }

    @BeforeEach
    void connect() {
        harness.start();
        harness.link.onConnected(harness.now(), harness.attempt, "10.0.0.1");
        LinkGuard guard = new LinkGuard(SECRET);
        guard.onHello(HELLO);
        new LinkChannelHandler(harness.attempt, harness.link, guard, harness::now, harness.log, "instance 0")
                .addTo(channel.pipeline());
        harness.done.clear();
    }

    private void receive(HeartbeatFrame... frames) {
        ByteBuf bytes = Unpooled.buffer();
        for (HeartbeatFrame frame : frames) {
            bytes.writeBytes(HeartbeatCodec.encode(frame));
        }
        channel.writeInbound(bytes);
    }

    private static Proof proof(SharedSecret known, SharedSecret.Side side, Id128 nonce) {
        return known.proof(side, nonce, HeartbeatCodec.encodePayload(HELLO));
    }

    private static Proof watchdogs(SharedSecret known) {
        return proof(known, SharedSecret.Side.WATCHDOG, NONCE);
    }

    private void assertDistrusted(String reason) {
        assertEquals(List.of("close", "down: " + reason), harness.done);
        assertEquals(
                List.of("instance 0: " + reason + "; the connection was closed"),
                harness.log.texts(Message.WATCHDOG_DISTRUSTED));
        assertFalse(Message.WATCHDOG_DISTRUSTED.hint().isEmpty());
    }

    @Test
    void theChallengeIsAnsweredAndTheWelcomeTakenAfterTheWatchdogsProof() {
        receive(new Challenge(NONCE));
        ByteBuf answer = channel.readOutbound();
        Proof ours = proof(SECRET, SharedSecret.Side.CONMGR, NONCE);
        assertEquals(Unpooled.wrappedBuffer(HeartbeatCodec.encode(ours)), answer);
        assertEquals(List.of(), harness.done);
        receive(watchdogs(SECRET), WELCOME);
        assertEquals(Liveness.ALIVE, harness.link.liveness());
        assertEquals(List.of(), harness.log.texts(Message.WATCHDOG_DISTRUSTED));
    }

    @Test
    void aWelcomeWithoutAnyProofIsNotTaken() {
        receive(WELCOME);
        assertDistrusted("the watchdog sent WELCOME before it had proven that it knows the shared secret");
    }

    @Test
    void aWelcomeInsteadOfTheWatchdogsProofIsNotTaken() {
        receive(new Challenge(NONCE), WELCOME);
        assertDistrusted("the watchdog sent WELCOME before it had proven that it knows the shared secret");
    }

    @Test
    void aWrongProofIsNotTakenAndNothingThatFollowsIt() {
        receive(new Challenge(NONCE), watchdogs(OTHER), WELCOME, new Challenge(NONCE));
        assertDistrusted("the watchdog sent a wrong proof of the shared secret");
        assertNotNull(channel.<ByteBuf>readOutbound());
        assertNull(channel.<ByteBuf>readOutbound());
    }

    @Test
    void ourOwnProofSentBackIsNotTheWatchdogs() {
        receive(new Challenge(NONCE), proof(SECRET, SharedSecret.Side.CONMGR, NONCE));
        assertDistrusted("the watchdog sent a wrong proof of the shared secret");
    }

    @Test
    void aProofOfAnotherConnectionIsNotTaken() {
        receive(new Challenge(NONCE), proof(SECRET, SharedSecret.Side.WATCHDOG, new Id128(7, 8)));
        assertDistrusted("the watchdog sent a wrong proof of the shared secret");
    }

    @Test
    void aProofBeforeTheChallengeIsNotTaken() {
        receive(watchdogs(SECRET));
        assertDistrusted("the watchdog sent PROOF before it had proven that it knows the shared secret");
    }

    @Test
    void aSecondChallengeIsNotAnswered() {
        receive(new Challenge(NONCE), new Challenge(new Id128(7, 8)));
        assertDistrusted("the watchdog sent CHALLENGE before it had proven that it knows the shared secret");
    }

    @Test
    void aSecondProofEndsTheLink() {
        receive(new Challenge(NONCE), watchdogs(SECRET), WELCOME, watchdogs(SECRET));
        assertEquals(Liveness.SUSPECT, harness.link.liveness());
        assertTrue(harness.done.contains("suspect: protocol error: unexpected PROOF"), harness.done::toString);
    }

    @Test
    void anUnprovenGoodbyeOrStateIsNotBelieved() {
        receive(new Goodbye(Goodbye.Reason.INSTANCE_STOPPING), new StateChange(Samples.PRIMARY));
        assertDistrusted("the watchdog sent GOODBYE before it had proven that it knows the shared secret");
    }

    @Test
    void aRefusalIsTakenFromAnybodyForItsReason() {
        receive(new Refused(Refused.AUTHENTICATION, "no"));
        assertEquals(List.of("instance 0: no (code 4)"), refusals());
        receive(new Challenge(NONCE));
        assertEquals(0, harness.log.count(Message.WATCHDOG_DISTRUSTED));
    }

    private List<String> refusals() {
        return harness.log.texts(Message.HEARTBEAT_REFUSED).stream()
                .map(text -> text.replace("watchdog refused the heartbeat connection: ", ""))
                .toList();
    }

    @Test
    void aWatchdogThatOnlyAsksRunsIntoTheAttemptsLimit() {
        receive(new Challenge(NONCE));
        harness.tickAfterMillis(10_000);
        assertEquals(Liveness.UNKNOWN, harness.link.liveness());
        harness.tickAfterNanos(1);
        assertTrue(harness.done.contains("down: no WELCOME within 10.0 s"), harness.done::toString);
    }

    @Test
    void withoutASecretAChallengeIsAnUnexpectedFrame() {
        EmbeddedChannel plain = new EmbeddedChannel();
        LinkGuard guard = new LinkGuard(null);
        new LinkChannelHandler(harness.attempt, harness.link, guard, harness::now, harness.log, "instance 0")
                .addTo(plain.pipeline());
        plain.writeInbound(Unpooled.wrappedBuffer(HeartbeatCodec.encode(new Challenge(NONCE))));
        assertTrue(harness.done.contains("down: protocol error: unexpected CHALLENGE"), harness.done::toString);
    }
}
