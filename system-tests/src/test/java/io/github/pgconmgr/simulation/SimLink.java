package io.github.pgconmgr.simulation;

import io.github.pgconmgr.heartbeat.BackendPort;
import io.github.pgconmgr.heartbeat.InstanceLink;
import io.github.pgconmgr.heartbeat.LinkCommands;
import io.github.pgconmgr.heartbeat.LinkGuard;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.testkit.sim.SimNetwork;
import io.github.pgconmgr.testkit.sim.SimSocket;
import io.github.pgconmgr.testkit.sim.SimSocketHandler;
import io.github.pgconmgr.topology.InstanceEvents;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.Proof;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.SettingsChange;
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
    private LinkGuard guard = new LinkGuard(null);

    SimLink(SimConmgr conmgr, SimNetwork network, int number, InstanceEvents events, Log log) {
        this.conmgr = conmgr;
        this.network = network;
        this.instance = conmgr.instance(number);
        this.number = number;
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

    /** Past the core. */
    void offer(HeartbeatSettings strange) {
        SimSocket open = socket;
        if (open != null) {
            open.send(HeartbeatCodec.encode(new SettingsChange(strange)));
        }
    }

    void loseConnection() {
        SimSocket open = socket;
        if (open != null) {
            open.resetFromBetween();
        }
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
        guard = new LinkGuard(conmgr.secret());
        fresh.attach(conmgr, new Connection(attempt, guard));
    }

    @Override
    public void send(HeartbeatFrame frame) {
        if (frame instanceof Hello hello) {
            guard.onHello(hello);
            offered = conmgr.offeredByHello();
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

    private final class Connection implements SimSocketHandler, LinkGuard.Outcome {
        private final long attempt;
        private final LinkGuard own;
        private boolean believed = conmgr.secret() == null;

        Connection(long attempt, LinkGuard own) {
            this.attempt = attempt;
            this.own = own;
        }

        @Override
        public void pass(HeartbeatFrame frame) {
            core.onFrame(now(), attempt, frame);
        }

        @Override
        public void answer(HeartbeatFrame frame) {
            SimLink.this.send(frame);
        }

        @Override
        public void distrust(String reason) {
            core.onClosed(now(), attempt, reason);
        }

        @Override
        public void onConnected() {
            core.onConnected(now(), attempt, instance.name());
        }

        @Override
        public void onRefused() {
            core.onConnectFailed(now(), attempt, "refused");
        }

        /** What a stranger in the watchdog's place could say as well is no sign of life (ADR 5), nor is an answer that nobody asked for. */
        @Override
        public void onArrived(ByteBuffer data) {
            HeartbeatFrame frame = SimWatchdog.decode(data);
            if (frame instanceof Proof) {
                believed = true;
            } else if (frame instanceof SettingsChange answer
                    && !answer.settings().equals(offered)) {
                believed = false;
            } else if (believed && !(frame instanceof Refused)) {
                boolean agreed = frame instanceof Welcome || frame instanceof SettingsChange;
                conmgr.oracle().onConmgrHeard(conmgr, number, agreed ? offered : null);
            }
        }

        @Override
        public void onData(ByteBuffer data) {
            own.onFrame(SimWatchdog.decode(data), this);
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
}
