package io.github.pgconmgr.simulation;

import io.github.pgconmgr.attribute.CheckAnswer;
import io.github.pgconmgr.attribute.CheckCommands;
import io.github.pgconmgr.attribute.CheckFailure;
import io.github.pgconmgr.attribute.CheckPhase;
import io.github.pgconmgr.attribute.SqlLink;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.testkit.sim.SimNetwork;
import io.github.pgconmgr.testkit.sim.SimSocket;
import io.github.pgconmgr.testkit.sim.SimSocketHandler;
import io.github.pgconmgr.topology.CheckEvents;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The connection by which one conmgr asks one instance, around the real {@link SqlLink}. Confined to the simulation. */
final class SimCheck implements CheckCommands {

    private final SimConmgr conmgr;
    private final SimNetwork network;
    private final SimInstance instance;
    private final int number;
    private final SqlLink core;
    private @Nullable Connection connection;
    private @Nullable InstanceState lastAnswer;

    SimCheck(SimConmgr conmgr, SimNetwork network, SqlLink.Subject subject, SimInstance instance, Wiring wiring) {
        this.conmgr = conmgr;
        this.network = network;
        this.instance = instance;
        this.number = subject.number();
        this.core = new SqlLink(subject, conmgr.config(), this, wiring.events, wiring.log);
    }

    /** Whom the checks report to, and where they log. */
    record Wiring(CheckEvents events, Log log) {}

    SqlLink core() {
        return core;
    }

    int number() {
        return number;
    }

    /** What SQL said last on the connection that stands; null if there is none, or nothing was said on it yet. */
    @Nullable
    InstanceState lastAnswer() {
        return lastAnswer;
    }

    void closeSocket() {
        Connection open = connection;
        if (open != null) {
            open.own.close();
        }
        connection = null;
    }

    private long now() {
        return conmgr.simTime().nanoTime();
    }

    @Override
    public void prepare() {
        conmgr.post(() -> core.onReady(now()));
    }

    @Override
    public void connect(long attempt) {
        SimSocket fresh = network.connect(conmgr.host(), instance.host(), SimInstance.BACKEND_PORT);
        Connection opened = new Connection(attempt, fresh);
        connection = opened;
        fresh.attach(conmgr, opened);
    }

    @Override
    public void check() {
        Connection open = connection;
        if (open != null && open.broken) {
            conmgr.post(open::onClosed);
        } else if (open != null) {
            ask(open.own);
        }
    }

    @Override
    public void close() {
        lastAnswer = null;
        closeSocket();
    }

    private static void ask(SimSocket open) {
        open.send(ByteBuffer.allocate(1));
    }

    private void fail(long attempt, CheckFailure.Kind kind, String text) {
        lastAnswer = null;
        core.onFailure(now(), attempt, new CheckFailure(kind, text));
    }

    private final class Connection implements SimSocketHandler {
        private final long attempt;
        private final SimSocket own;
        /** Closed while nothing was asked. */
        private boolean broken;

        Connection(long attempt, SimSocket own) {
            this.attempt = attempt;
            this.own = own;
        }

        @Override
        public void onConnected() {
            ask(own);
        }

        @Override
        public void onRefused() {
            fail(attempt, CheckFailure.Kind.REFUSED, "connection refused");
        }

        @Override
        public void onArrived(ByteBuffer data) {
            if (this == connection) {
                conmgr.oracle().onSqlHeard(conmgr, number);
            }
        }

        @Override
        public void onData(ByteBuffer data) {
            SimPostmaster.Answer answer = SimPostmaster.Answer.decode(data);
            if (this != connection) {
                return;
            }
            if (answer.error()) {
                fail(attempt, CheckFailure.Kind.ERROR, "the database system is starting up");
                return;
            }
            lastAnswer = answer.state();
            InstanceState state = answer.state();
            if (conmgr.bug() == PlantedBug.READ_ONLY_WORD_IGNORED) {
                state = new InstanceState(state.inRecovery(), false, false, state.timeline(), state.lsn());
            }
            InstanceFacts facts = new InstanceFacts(
                            instance.name(), answer.systemIdentifier(), answer.postmasterStartMicros(), state, 100)
                    .withReplayLag(0);
            core.onAnswer(now(), attempt, new CheckAnswer(facts, false));
        }

        /** As with JDBC, nobody sees that before the next question. */
        @Override
        public void onClosed() {
            if (this != connection) {
                return;
            }
            if (core.phase() == CheckPhase.RESTING) {
                broken = true;
            } else {
                fail(attempt, CheckFailure.Kind.NO_ANSWER, "the connection was closed");
            }
        }
    }
}
