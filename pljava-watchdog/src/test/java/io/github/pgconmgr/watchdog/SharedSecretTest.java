package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.watchdog.peer.Contact;
import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Challenge;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.Proof;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets past the gate, and what those who do not can do: nothing (ADR 5). */
@Timeout(60)
class SharedSecretTest {

    private static final SharedSecret SECRET = secret("the right secret");
    private static final SharedSecret OTHER = secret("the wrong secret");
    private static final Hello HELLO = TestConmgr.hello(1, 1000, 3000).wantingProof();

    @TempDir
    private Path directory;

    private static SharedSecret secret(String text) {
        return new SharedSecret(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer payload(HeartbeatFrame hello) {
        byte[] frame = TestConmgr.bytes(hello);
        return ByteBuffer.wrap(Arrays.copyOfRange(frame, 3, frame.length));
    }

    private static Proof proof(SharedSecret known, Id128 challenge) {
        return known.proof(SharedSecret.Side.CONMGR, challenge, payload(HELLO));
    }

    private TestWatchdog guarded(PeerRow... adopted) throws Exception {
        return TestWatchdog.guarded(directory, ServerLimits.PRODUCT, SECRET, adopted);
    }

    private static Id128 challenge(TestConmgr conmgr) throws Exception {
        conmgr.send(HELLO);
        return ((Challenge) Objects.requireNonNull(conmgr.read())).nonce();
    }

    private static void assertRefused(TestConmgr conmgr, String text) throws Exception {
        assertEquals(new Refused(Refused.AUTHENTICATION, text), conmgr.read());
        assertNull(conmgr.read());
    }

    private static void assertNobodyIsKnown(TestWatchdog watchdog, String logged) throws Exception {
        watchdog.awaitLog(logged);
        assertEquals(List.of(), watchdog.tick().rows);
        assertEquals(0, watchdog.logged(": connected"));
    }

    private static void assertStillServed(TestWatchdog watchdog) throws Exception {
        try (TestConmgr good = new TestConmgr(watchdog.port())) {
            good.send(proof(SECRET, challenge(good)));
            good.await(Welcome.class);
        }
    }

    @Test
    void bothProveTheRightSecretBeforeTheWelcome() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            Id128 challenge = challenge(conmgr);
            assertEquals(List.of(), watchdog.tick().rows);
            conmgr.send(proof(SECRET, challenge));
            assertEquals(SECRET.proof(SharedSecret.Side.WATCHDOG, challenge, payload(HELLO)), conmgr.read());
            assertTrue(conmgr.read() instanceof Welcome);
            conmgr.await(Beat.class);
            Await.until("the row", () -> watchdog.tick().rows.size() == 1);
        }
    }

    @Test
    void theProofCoversTheHelloAsItTravelledWithItemsThatTheWatchdogDoesNotKnow() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            ByteBuffer hello = ByteBuffer.allocate(200).put(payload(HELLO));
            hello.putShort((short) 99).putShort((short) 1).put((byte) 7).flip();
            ByteBuffer frame = ByteBuffer.allocate(3 + hello.remaining());
            frame.putShort((short) (1 + hello.remaining())).put((byte) 1).put(hello.duplicate());
            conmgr.send(frame.array());
            Id128 challenge = ((Challenge) Objects.requireNonNull(conmgr.read())).nonce();
            conmgr.send(SECRET.proof(SharedSecret.Side.CONMGR, challenge, hello));
            conmgr.await(Welcome.class);
        }
    }

    @Test
    @Proves("S6")
    void aWrongSecretIsRefusedWithAReasonOnBothSides() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            conmgr.send(proof(OTHER, challenge(conmgr)));
            assertRefused(conmgr, Gate.SECRET_DIFFERS);
            assertNobodyIsKnown(watchdog, "refused: " + Gate.SECRET_DIFFERS);
            assertStillServed(watchdog);
        }
    }

    @Test
    void aConmgrWithoutASecretIsRefusedAtOnce() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            conmgr.send(TestConmgr.hello(1, 1000, 3000));
            assertRefused(conmgr, Gate.SECRET_REQUIRED);
            assertNobodyIsKnown(watchdog, "refused: " + Gate.SECRET_REQUIRED);
        }
    }

    @Test
    void aWatchdogWithoutASecretSaysSoToAConmgrThatHasOne() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            conmgr.send(HELLO);
            assertRefused(conmgr, Gate.SECRET_NOT_SET);
            assertNobodyIsKnown(watchdog, "refused: " + Gate.SECRET_NOT_SET);
        }
    }

    @Test
    void aReplayedProofIsWorthNothingOnTheNextConnection() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr first = new TestConmgr(watchdog.port());
                TestConmgr replaying = new TestConmgr(watchdog.port())) {
            Id128 challenge = challenge(first);
            first.send(proof(SECRET, challenge));
            first.await(Welcome.class);
            assertNotEquals(challenge, challenge(replaying));
            replaying.send(proof(SECRET, challenge));
            assertRefused(replaying, Gate.SECRET_DIFFERS);
        }
    }

    @Test
    void theWatchdogsOwnProofIsNotAConmgrs() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            Id128 challenge = challenge(conmgr);
            conmgr.send(SECRET.proof(SharedSecret.Side.WATCHDOG, challenge, payload(HELLO)));
            assertRefused(conmgr, Gate.SECRET_DIFFERS);
        }
    }

    @Test
    void aSecondProofEndsTheConnection() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            Proof proof = proof(SECRET, challenge(conmgr));
            conmgr.send(proof);
            conmgr.await(Welcome.class);
            conmgr.send(proof);
            conmgr.awaitEnd();
            watchdog.awaitLog("PROOF from a conmgr");
        }
    }

    @Test
    void aProofBeforeTheHelloEndsTheConnection() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            conmgr.send(proof(SECRET, Id128.NONE));
            assertNull(conmgr.read());
            assertNobodyIsKnown(watchdog, "a stranger sent PROOF before HELLO");
        }
    }

    @Test
    void anythingElseInsteadOfTheProofEndsTheConnection() throws Exception {
        try (TestWatchdog watchdog = guarded()) {
            List<HeartbeatFrame> others = List.of(
                    HELLO,
                    new Beat(1, 0, 0, 0, 0),
                    new Goodbye(Goodbye.Reason.STOP),
                    new Challenge(Id128.NONE),
                    new StateChange(TestWatchdog.STATE));
            for (HeartbeatFrame other : others) {
                try (TestConmgr conmgr = new TestConmgr(watchdog.port())) {
                    challenge(conmgr);
                    conmgr.send(other);
                    assertNull(conmgr.read());
                    assertNobodyIsKnown(watchdog, "it sent " + other.type() + " instead of its PROOF");
                }
            }
            assertStillServed(watchdog);
        }
    }

    @Test
    void aTruncatedProofIsNoProof() throws Exception {
        try (TestWatchdog watchdog = guarded()) {
            for (int length = 0; length < Proof.BYTES; length++) {
                try (TestConmgr conmgr = new TestConmgr(watchdog.port())) {
                    byte[] frame = TestConmgr.bytes(proof(SECRET, challenge(conmgr)));
                    byte[] cut = Arrays.copyOf(frame, 3 + length);
                    cut[1] = (byte) (1 + length);
                    conmgr.send(cut);
                    assertNull(conmgr.read());
                }
            }
            assertNobodyIsKnown(watchdog, "malformed frame: PROOF of ");
        }
    }

    @Test
    void aProofThatDoesNotComeInTimeEndsTheConnection() throws Exception {
        ServerLimits limits = new ServerLimits(TimeUnit.MILLISECONDS.toNanos(300), 64, 4096, 1);
        try (TestWatchdog watchdog = TestWatchdog.guarded(directory, limits, SECRET);
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            challenge(conmgr);
            assertNull(conmgr.read());
            watchdog.awaitLog("closed: no PROOF in time");
        }
    }

    @Test
    void thoseWhoOweTheirProofCountAmongThoseWhoWait() throws Exception {
        ServerLimits limits = new ServerLimits(TimeUnit.SECONDS.toNanos(60), 2, 4096, 1);
        try (TestWatchdog watchdog = TestWatchdog.guarded(directory, limits, SECRET);
                TestConmgr first = new TestConmgr(watchdog.port());
                TestConmgr second = new TestConmgr(watchdog.port())) {
            challenge(first);
            Id128 challenge = challenge(second);
            try (TestConmgr third = new TestConmgr(watchdog.port())) {
                assertNull(first.read());
                challenge(third);
                second.send(proof(SECRET, challenge));
                second.await(Welcome.class);
            }
        }
    }

    @Test
    void anotherVersionIsToldItsVersionNotAskedForAProof() throws Exception {
        try (TestWatchdog watchdog = guarded();
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            conmgr.send(new byte[] {0, 9, 1, 'C', 'M', 'H', 'B', 0, 2, 0, 9});
            assertEquals(Refused.VERSION, conmgr.await(Refused.class).code());
            assertEquals(List.of(), watchdog.tick().rows);
        }
    }

    @Test
    void aStrangerWithTheRightIdCannotTakeARowOver() throws Exception {
        PeerAddress address = PeerAddress.of(InetAddress.getLoopbackAddress());
        PeerRow row = new PeerRow(
                address,
                1025,
                true,
                false,
                new HeartbeatSettings(100, 600),
                HELLO.conmgrId(),
                HELLO.host(),
                Contact.NONE);
        try (TestWatchdog watchdog = guarded(row);
                TestConmgr stranger = new TestConmgr(watchdog.port())) {
            challenge(stranger);
            stranger.send(proof(OTHER, Id128.NONE));
            stranger.awaitEnd();
            Await.until("the judgement", () -> !watchdog.tick().judgements.isEmpty());
            assertFalse(watchdog.log.stream().anyMatch(line -> line.contains("same conmgr")), watchdog.log::toString);
        }
    }
}
