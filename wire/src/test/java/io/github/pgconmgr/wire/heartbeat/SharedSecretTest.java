package io.github.pgconmgr.wire.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.wire.Golden;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof of the shared secret (ADR 5). The expected bytes in the golden files were computed by another program. */
class SharedSecretTest {

    private static final Id128 CHALLENGE = new Id128(5, 6);

    private final SharedSecret secret = new SharedSecret("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    private static ByteBuffer helloPayload() {
        ByteBuffer frame = Golden.read("hello-proving");
        int head = HeartbeatProtocol.LENGTH_BYTES + 1;
        return frame.slice(head, frame.remaining() - head);
    }

    @Test
    void eachSidesProofIsThatOfTheGoldenFile() {
        Proof conmgr = secret.proof(SharedSecret.Side.CONMGR, CHALLENGE, helloPayload());
        Proof watchdog = secret.proof(SharedSecret.Side.WATCHDOG, CHALLENGE, helloPayload());
        assertEquals(Golden.hex(Golden.read("proof-conmgr")), Golden.hex(HeartbeatCodec.encode(conmgr)));
        assertEquals(Golden.hex(Golden.read("proof-watchdog")), Golden.hex(HeartbeatCodec.encode(watchdog)));
    }

    @ParameterizedTest
    @EnumSource
    void aProofIsOnlyGoodForItsSecretItsNonceItsHelloAndItsSide(SharedSecret.Side side) {
        Proof right = secret.proof(side, CHALLENGE, helloPayload());
        assertEquals(right, secret.proof(side, CHALLENGE, helloPayload()));
        SharedSecret other = new SharedSecret("0123456789abcdeF".getBytes(StandardCharsets.US_ASCII));
        assertNotEquals(right, other.proof(side, CHALLENGE, helloPayload()));
        assertNotEquals(right, secret.proof(side, new Id128(5, 7), helloPayload()));
        ByteBuffer changed = ByteBuffer.allocate(200).put(helloPayload()).flip();
        changed.put(changed.limit() - 1, (byte) 2);
        assertNotEquals(right, secret.proof(side, CHALLENGE, changed));
        for (SharedSecret.Side another : SharedSecret.Side.values()) {
            assertEquals(another == side, right.equals(secret.proof(another, CHALLENGE, helloPayload())));
        }
    }

    @Test
    void oneWrongBitAnywhereIsAnotherProof() throws MalformedMessageException {
        Proof right = secret.proof(SharedSecret.Side.CONMGR, CHALLENGE, helloPayload());
        for (int bit = 0; bit < 8 * Proof.BYTES; bit++) {
            ByteBuffer frame = HeartbeatCodec.encode(right);
            int at = HeartbeatProtocol.LENGTH_BYTES + 1 + bit / 8;
            frame.put(at, (byte) (frame.get(at) ^ (1 << bit % 8)));
            assertNotEquals(right, HeartbeatCodec.decode(frame.position(HeartbeatProtocol.LENGTH_BYTES)));
        }
    }

    @Test
    void lengthsOutsideTheLimitsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SharedSecret(new byte[SharedSecret.MIN_BYTES - 1]));
        assertThrows(IllegalArgumentException.class, () -> new SharedSecret(new byte[SharedSecret.MAX_BYTES + 1]));
        assertEquals(new SharedSecret(new byte[SharedSecret.MAX_BYTES]), new SharedSecret(new byte[1024]));
        assertThrows(IllegalArgumentException.class, () -> new Proof(new byte[Proof.BYTES - 1]));
    }

    @Test
    void laterChangesOfTheCallersBytesChangeNothing() {
        byte[] bytes = new byte[20];
        SharedSecret kept = new SharedSecret(bytes);
        Arrays.fill(bytes, (byte) 1);
        assertEquals(new SharedSecret(new byte[20]), kept);
    }

    @Test
    void nothingOfItIsPrinted() {
        assertEquals("SharedSecret[hidden]", secret.toString());
        Proof proof = secret.proof(SharedSecret.Side.CONMGR, CHALLENGE, helloPayload());
        assertFalse(proof.toString().contains("["), proof::toString);
    }

    @Test
    void theAssemblerKeepsTheHelloAsItTravelledWithItemsThatNobodyKnows() throws MalformedMessageException {
        ByteBuffer payload = ByteBuffer.allocate(200).put(helloPayload());
        payload.putShort((short) 99).putShort((short) 1).put((byte) 7).flip();
        FrameAssembler assembler = new FrameAssembler();
        assertFalse(assembler.helloPayload().hasRemaining());
        assembler.inbound().putShort((short) (payload.remaining() + 1)).put((byte) 1);
        assembler.inbound().put(payload.duplicate()).put(Golden.read("beat"));
        assembler.next();
        assembler.next();
        assertEquals(payload, assembler.helloPayload());
    }
}
