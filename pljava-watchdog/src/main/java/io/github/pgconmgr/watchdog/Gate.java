package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.NoiseLog;
import io.github.pgconmgr.watchdog.peer.PeerEndpoint;
import io.github.pgconmgr.watchdog.peer.PeerTable;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Challenge;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.Proof;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the peer table: where there is a shared secret, a HELLO gets in only when its sender has proven that it knows
 * it (ADR 5). A stranger can neither make a row nor take one over, and learns a nonce at most.
 *
 * <p>Confined to the I/O thread. A connection that ends takes what is kept of it along.
 */
public final class Gate {

    static final String SECRET_REQUIRED =
            "this instance asks for the shared secret; set watchdog_secret_file in conmgr.conf";
    static final String SECRET_NOT_SET =
            "conmgr asks for the shared secret, but this instance has none; set watchdog.secret_file";
    static final String SECRET_DIFFERS =
            "conmgr's shared secret is not this instance's; compare watchdog_secret_file and watchdog.secret_file";

    private final PeerTable table;
    private final Door door;
    private final @Nullable SharedSecret secret;
    private final RandomGenerator nonces;
    private final NoiseLog refusals;

    /** Who stands before the gate: one connection. Confined to the I/O thread. */
    public interface Caller {

        /** As the peer table knows it. */
        long id();

        /** Its other end. */
        PeerEndpoint endpoint();

        /** Its own, the same for as long as it lives. */
        Admission admission();

        /** The payload of the last HELLO as it travelled. */
        ByteBuffer helloPayload();

        /** Sends without waiting. */
        void send(HeartbeatFrame frame);
    }

    /** How far one caller has come; the gate's to change. Confined to the I/O thread. */
    public static final class Admission {

        private boolean greeted;
        private @Nullable Unproven unproven;

        /** Whether its HELLO is in the peer table's hands. */
        boolean isGreeted() {
            return greeted;
        }

        /** The HELLO that waits for its proof; null if none does. */
        public @Nullable Unproven unproven() {
            return unproven;
        }
    }

    /** How a caller is sent away. */
    @FunctionalInterface
    public interface Door {

        /** Ends the connection, which the peer table has never heard of. */
        void close(long connectionId, String reason);
    }

    /** A HELLO whose sender was asked for a proof. Immutable. */
    public record Unproven(Hello hello, Id128 challenge, ByteBuffer helloPayload) {}

    /**
     * @param secret null lets everybody in who does not ask for a proof
     * @param nonces a {@code SecureRandom}: a nonce that comes twice would let an old proof in
     */
    public Gate(PeerTable table, Door door, @Nullable SharedSecret secret, RandomGenerator nonces, NoiseLog.Sink log) {
        this.table = table;
        this.door = door;
        this.secret = secret;
        this.nonces = nonces;
        this.refusals = new NoiseLog("conmgrs without the right shared secret", log);
    }

    /** The next frame of that connection. */
    public void onFrame(long nowNanos, Caller connection, HeartbeatFrame frame) {
        Admission admission = connection.admission();
        Unproven unproven = admission.unproven;
        if (unproven != null && secret != null) {
            onAnswer(nowNanos, connection, secret, unproven, frame);
        } else if (!(frame instanceof Hello hello)) {
            table.onFrame(nowNanos, connection.id(), frame);
        } else if (admission.greeted) {
            admit(nowNanos, connection, hello);
        } else {
            onHello(nowNanos, connection, hello);
        }
    }

    /** Call now and then: tells what was left out of the log. */
    public void onTick(long nowNanos) {
        refusals.onTick(nowNanos);
    }

    private void onHello(long nowNanos, Caller connection, Hello hello) {
        if (!hello.speaksOurVersion()) {
            // The table refuses it, and says why; another version may not even know a CHALLENGE.
            admit(nowNanos, connection, hello);
        } else if (secret == null && hello.wantsProof()) {
            refuse(nowNanos, connection, SECRET_NOT_SET);
        } else if (secret == null) {
            admit(nowNanos, connection, hello);
        } else if (!hello.wantsProof()) {
            refuse(nowNanos, connection, SECRET_REQUIRED);
        } else {
            Id128 challenge = Id128.random(nonces);
            connection.admission().unproven = new Unproven(hello, challenge, connection.helloPayload());
            connection.send(new Challenge(challenge));
        }
    }

    private void onAnswer(
            long nowNanos, Caller connection, SharedSecret known, Unproven unproven, HeartbeatFrame frame) {
        if (!(frame instanceof Proof proof)) {
            String reason = "it sent " + frame.type() + " instead of its PROOF";
            refusals.log(nowNanos, LogLevel.LOG, connection + " closed: " + reason);
            door.close(connection.id(), reason);
        } else if (!proof.equals(
                known.proof(SharedSecret.Side.CONMGR, unproven.challenge(), unproven.helloPayload()))) {
            refuse(nowNanos, connection, SECRET_DIFFERS);
        } else {
            connection.send(known.proof(SharedSecret.Side.WATCHDOG, unproven.challenge(), unproven.helloPayload()));
            admit(nowNanos, connection, unproven.hello());
        }
    }

    private void admit(long nowNanos, Caller connection, Hello hello) {
        Admission admission = connection.admission();
        admission.greeted = true;
        admission.unproven = null;
        table.onHello(nowNanos, connection.id(), connection.endpoint(), hello);
    }

    private void refuse(long nowNanos, Caller connection, String text) {
        refusals.log(nowNanos, LogLevel.WARNING, connection + " refused: " + text);
        connection.send(new Refused(Refused.AUTHENTICATION, text));
        door.close(connection.id(), "refused");
    }
}
