package io.github.pgconmgr.simulation;

import io.github.pgconmgr.heartbeat.BackendPort;
import io.github.pgconmgr.heartbeat.InstanceLink;
import io.github.pgconmgr.heartbeat.LinkCommands;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimNetwork;
import io.github.pgconmgr.testkit.sim.SimSocket;
import io.github.pgconmgr.testkit.sim.SimSocketHandler;
import io.github.pgconmgr.topology.InstanceEvents;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.SettingsChange;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The sockets of one conmgr towards one instance, around the real {@link InstanceLink}. Confined to the simulation. */
final class SimLink implements LinkCommands {

    private static final long PROBE_LIMIT_NANOS = 1_000_000_000;

    private final SimConmgr conmgr;
    private final SimNetwork network;
    private final SimInstance instance;
    private final int number;
    private final InstanceLink core;
    private @Nullable SimSocket socket;
    private @Nullable HeartbeatSettings offered;

    SimLink(SimConmgr conmgr, SimNetwork network, int number, SimInstance instance, Log log) {
        this.conmgr = conmgr;
        this.network = network;
        this.instance = instance;
        this.number = number;
        InstanceEvents events = new Observed(conmgr.topology().eventsOf(number));
        this.core = new InstanceLink(number, conmgr.config(), conmgr::hello, this, events, log) {
            @Override
            protected boolean isSilent(long nowNanos) {
                boolean early =
                        conmgr.bug() == PlantedBug.DEADLINE_OFF_BY_ONE && silenceNanos(nowNanos) == silenceLimitNanos();
                boolean tooEarly = conmgr.bug() == PlantedBug.NEW_TIMEOUT_TOO_EARLY
                        && silenceNanos(nowNanos) > conmgr.config().settings().timeoutNanos();
                return early || tooEarly || super.isSilent(nowNanos);
            }
        };
    }

    InstanceLink core() {
        return core;
    }

    int number() {
        return number;
    }

    SimInstance instance() {
        return instance;
    }

    /** The driver's stage 2, straight to the instance. */
    @Nullable
    SimSession beginSession() {
        SimHost from = conmgr.host();
        boolean reachable = !network.isCut(from, instance.host()) && !network.isCut(instance.host(), from);
        if (!reachable || !instance.isRunning()) {
            return null;
        }
        SimSession session = new SimSession(from, now());
        instance.addSession(session);
        return session;
    }

    void closeSockets() {
        SimSocket open = socket;
        if (open != null) {
            open.close();
        }
        socket = null;
    }

    private long now() {
        return conmgr.simTime().nanoTime();
    }

    @Override
    public void connect(long attempt) {
        SimSocket fresh = network.connect(conmgr.host(), instance.host(), SimInstance.WATCHDOG_PORT);
        socket = fresh;
        fresh.attach(conmgr, new Connection(attempt));
    }

    @Override
    public void send(HeartbeatFrame frame) {
        if (frame instanceof Hello hello) {
            offered = hello.settings();
        } else if (frame instanceof SettingsChange change) {
            offered = change.settings();
        }
        SimSocket open = socket;
        if (open != null) {
            open.send(HeartbeatCodec.encode(frame));
        }
    }

    @Override
    public void sendLast(HeartbeatFrame frame) {
        send(frame);
        closeSockets();
    }

    @Override
    public void close() {
        closeSockets();
    }

    @Override
    public void probeBackendPort(long probe) {
        SimSocket attempt = network.connect(conmgr.host(), instance.host(), SimInstance.BACKEND_PORT);
        Probe handler = new Probe(probe, attempt);
        attempt.attach(conmgr, handler);
        conmgr.simTime().after(PROBE_LIMIT_NANOS, () -> {
            if (conmgr.isAlive()) {
                handler.answer(BackendPort.NO_ANSWER);
                conmgr.wakeUp();
            }
        });
    }

    private final class Connection implements SimSocketHandler {
        private final long attempt;

        Connection(long attempt) {
            this.attempt = attempt;
        }

        @Override
        public void onConnected() {
            core.onConnected(now(), attempt, instance.name());
        }

        @Override
        public void onRefused() {
            core.onConnectFailed(now(), attempt, "refused");
        }

        @Override
        public void onArrived(ByteBuffer data) {
            HeartbeatFrame frame = SimWatchdog.decode(data);
            boolean agreed = frame instanceof Welcome || frame instanceof SettingsChange;
            conmgr.oracle().onConmgrHeard(conmgr, number, agreed ? offered : null);
        }

        @Override
        public void onData(ByteBuffer data) {
            core.onFrame(now(), attempt, SimWatchdog.decode(data));
        }

        @Override
        public void onClosed() {
            core.onClosed(now(), attempt, "closed by the peer");
        }
    }

    private final class Probe implements SimSocketHandler {
        private final long probe;
        private final SimSocket probing;
        private boolean answered;

        Probe(long probe, SimSocket probing) {
            this.probe = probe;
            this.probing = probing;
        }

        void answer(BackendPort found) {
            if (!answered) {
                answered = true;
                probing.close();
                core.onBackendPort(now(), probe, found);
            }
        }

        @Override
        public void onConnected() {
            answer(BackendPort.ACCEPTED);
        }

        @Override
        public void onRefused() {
            answer(BackendPort.REFUSED);
        }

        @Override
        public void onData(ByteBuffer data) {
            throw new IllegalStateException("a postmaster says nothing first");
        }

        @Override
        public void onClosed() {
            answer(BackendPort.NO_ANSWER);
        }
    }

    /** Tells the oracle why an instance went down, then the topology. */
    private final class Observed implements InstanceEvents {
        private final InstanceEvents topology;

        Observed(InstanceEvents topology) {
            this.topology = topology;
        }

        @Override
        public void alive(long nowNanos, InstanceFacts facts, String reason) {
            topology.alive(nowNanos, facts, reason);
        }

        @Override
        public void state(long nowNanos, InstanceState state) {
            topology.state(nowNanos, state);
        }

        @Override
        public void beat(long nowNanos, long roundTripMicros, long lsn) {
            topology.beat(nowNanos, roundTripMicros, lsn);
        }

        @Override
        public void upstream(long nowNanos, Upstream upstream) {
            topology.upstream(nowNanos, upstream);
        }

        @Override
        public void suspect(long nowNanos, String reason) {
            topology.suspect(nowNanos, reason);
        }

        @Override
        public void down(long nowNanos, String reason) {
            boolean wasMonitored = conmgr.topology()
                    .snapshot()
                    .instance(number)
                    .map(view -> view.liveness() == Liveness.ALIVE || view.liveness() == Liveness.SUSPECT)
                    .orElse(false);
            topology.down(nowNanos, reason);
            if (wasMonitored) {
                conmgr.oracle().onDown(conmgr, number, reason);
            }
        }

        @Override
        public void postmasterChanged(long nowNanos, String reason) {
            topology.postmasterChanged(nowNanos, reason);
        }
    }
}
