package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Challenge;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.Proof;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a link's core: where there is a shared secret, the watchdog's frames get in only when it has proven that it
 * knows it (ADR 5). Before that it can say no more than REFUSED, which a stranger in its place could say by silence as well.
 *
 * <p>Confined to the heartbeat loop; one object per connection.
 */
public final class LinkGuard {

    /** What becomes of a frame. Called at once, one of them or none. */
    public interface Outcome {

        /** It is for the core. */
        void pass(HeartbeatFrame frame);

        /** This goes back to the watchdog. */
        void answer(HeartbeatFrame frame);

        /** The other side is not the watchdog that it has to be: the connection must end. Nothing follows. */
        void distrust(String reason);
    }

    private enum Stage {
        CHALLENGE_AWAITED,
        PROOF_AWAITED,
        OPEN,
        DISTRUSTED
    }

    private final @Nullable SharedSecret secret;
    private Stage stage;
    private ByteBuffer helloPayload = ByteBuffer.allocate(0);
    private Id128 challenge = Id128.NONE;

    /**
     * @param secret null lets everything through: the core judges it
     */
    public LinkGuard(@Nullable SharedSecret secret) {
        this.secret = secret;
        this.stage = secret == null ? Stage.OPEN : Stage.CHALLENGE_AWAITED;
    }

    /** Our HELLO, about to be sent. */
    public void onHello(Hello hello) {
        helloPayload = HeartbeatCodec.encodePayload(hello);
    }

    /** The watchdog's next frame. */
    public void onFrame(HeartbeatFrame frame, Outcome outcome) {
        switch (stage) {
            case CHALLENGE_AWAITED, PROOF_AWAITED -> onUnproven(frame, outcome);
            case OPEN -> outcome.pass(frame);
            case DISTRUSTED -> {}
        }
    }

    private void onUnproven(HeartbeatFrame frame, Outcome outcome) {
        if (frame instanceof Refused) {
            outcome.pass(frame);
        } else if (stage == Stage.CHALLENGE_AWAITED && frame instanceof Challenge asked) {
            challenge = asked.nonce();
            stage = Stage.PROOF_AWAITED;
            outcome.answer(proof(SharedSecret.Side.CONMGR));
        } else if (stage == Stage.PROOF_AWAITED && frame instanceof Proof proof) {
            onProof(proof, outcome);
        } else {
            distrust("sent " + frame.type() + " before it had proven that it knows the shared secret", outcome);
        }
    }

    private void onProof(Proof proof, Outcome outcome) {
        if (proof.equals(proof(SharedSecret.Side.WATCHDOG))) {
            stage = Stage.OPEN;
        } else {
            distrust("sent a wrong proof of the shared secret", outcome);
        }
    }

    private Proof proof(SharedSecret.Side side) {
        return Objects.requireNonNull(secret, "open without a secret").proof(side, challenge, helloPayload);
    }

    private void distrust(String what, Outcome outcome) {
        stage = Stage.DISTRUSTED;
        outcome.distrust("the watchdog " + what);
    }
}
