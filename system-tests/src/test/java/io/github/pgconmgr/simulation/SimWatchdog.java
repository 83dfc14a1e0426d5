package io.github.pgconmgr.simulation;

import io.github.pgconmgr.testkit.sim.SimProcess;
import io.github.pgconmgr.testkit.sim.SimSocket;
import io.github.pgconmgr.testkit.sim.SimSocketHandler;
import io.github.pgconmgr.time.StallMeter;
import io.github.pgconmgr.watchdog.Gate;
import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.Peer;
import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.watchdog.peer.PeerCommands;
import io.github.pgconmgr.watchdog.peer.PeerEndpoint;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.peer.PeerTable;
import io.github.pgconmgr.watchdog.peer.PeerTableConfig;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Proof;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of a watchdog worker: the real {@link PeerTable} behind a shell that talks to the simulated network. Confined to the
 * simulation.
 */
final class SimWatchdog extends SimProcess implements PeerCommands {

    /** As in the real loops. */
    static final long STALL_THRESHOLD_NANOS = 20_000_000;

    private final SimInstance instance;
    private final Oracle oracle;
    private final PlantedBug bug;
    private final PeerTable table;
    private final Gate gate;
    private final StallMeter stalls = new StallMeter(STALL_THRESHOLD_NANOS);
    private final Map<Long, SimSocket> sockets = new HashMap<>();
    private boolean goodbyeFirst;
    private long nextConnection;
    private long plannedNanos;

    SimWatchdog(SimInstance instance, Oracle oracle, PlantedBug bug, List<PeerRow> rows) {
        super(instance.time());
        this.instance = instance;
        this.oracle = oracle;
        this.bug = bug;
        PeerTableConfig config = new PeerTableConfig(
                100, instance.systemIdentifier(), instance.postmasterStartMicros(), instance.state(), "sim");
        this.table = new PeerTable(config, this) {
            @Override
            protected boolean isSilent(Peer peer, long nowNanos) {
                boolean early = bug == PlantedBug.DEADLINE_OFF_BY_ONE && nowNanos == peer.deadlineNanos();
                return early || super.isSilent(peer, nowNanos);
            }
        };
        this.gate = new Gate(table, this::close, instance.secret(), time().random(), this::log);
        plannedNanos = time().nanoTime();
        if (bug != PlantedBug.ADOPTED_PEER_FORGOTTEN) {
            table.adopt(time().nanoTime(), rows);
        }
        wake();
    }

    PeerTable table() {
        return table;
    }

    void onAccepted(SimSocket socket) {
        long id = ++nextConnection;
        sockets.put(id, socket);
        socket.attach(this, new Connection(id, socket));
    }

    void onInstanceState(InstanceState state) {
        if (isAlive() && !isStalled()) {
            table.onInstanceState(time().nanoTime(), state);
        }
    }

    void onUpstream(Upstream upstream) {
        if (isAlive() && !isStalled()) {
            table.onUpstream(upstream);
        }
    }

    /** The instance stops in an orderly way: everybody gets a goodbye, then the process is gone. */
    void sayGoodbye() {
        if (isAlive() && !isStalled()) {
            table.onExiting(time().nanoTime());
        }
    }

    /** The next HELLO is answered with GOODBYE, which ours never does, but protocol.md allows. */
    void sayGoodbyeFirst() {
        goodbyeFirst = true;
    }

    /** The process is gone; its kernel closes what was open. */
    void kill() {
        end();
        List.copyOf(sockets.values()).forEach(SimSocket::close);
    }

    @Override
    protected void turn(long nowNanos, Runnable readAll) {
        long stall = stalls.onWake(nowNanos, plannedNanos);
        if (stall > 0) {
            table.onStall(nowNanos, stall);
        }
        table.onInstanceState(nowNanos, instance.state());
        if (bug == PlantedBug.UNREAD_INPUT) {
            table.onTick(nowNanos);
        }
        readAll.run();
        table.onTick(nowNanos);
        if (isAlive()) {
            // Once more just before each deadline: where an off-by-one lives.
            plannedNanos = table.nextDeadlineNanos().orElse(nowNanos + 1_000_000_000);
            long justBefore = plannedNanos - 1;
            setTimer(justBefore - nowNanos > 0 ? justBefore : plannedNanos);
        }
    }

    @Override
    public void send(long connectionId, HeartbeatFrame frame) {
        SimSocket socket = sockets.get(connectionId);
        if (socket != null) {
            socket.send(HeartbeatCodec.encode(frame));
        }
    }

    @Override
    public void close(long connectionId, String reason) {
        SimSocket socket = sockets.remove(connectionId);
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    public void judge(Judgement judgement) {
        oracle.onJudgement(instance, judgement);
        instance.endSessions(judgement, time().nanoTime());
    }

    @Override
    public void rowsChanged() {
        instance.keepRows(table.rows(time().nanoTime(), 0));
    }

    @Override
    public void log(LogLevel level, String text) {
        oracle.trace(instance.name() + " " + level + " " + text);
    }

    /** The simulated hosts are called a0, a1, ...: their addresses follow from their names. */
    static PeerAddress addressOf(String hostName) {
        int number = Integer.parseInt(hostName.substring(1));
        try {
            return PeerAddress.of(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) (10 + number)}));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Connection implements SimSocketHandler, Gate.Caller {
        private final long id;
        private final SimSocket socket;
        private final Gate.Admission admission = new Gate.Admission();
        private ByteBuffer helloPayload = ByteBuffer.allocate(0);
        private String boot = "";
        private Id128 conmgrId = Id128.NONE;
        private boolean dismissed;
        private boolean sincere;
        private boolean believed;

        Connection(long id, SimSocket socket) {
            this.id = id;
            this.socket = socket;
        }

        /**
         * The kernel has it: from here on nobody may say that it was never received. Where there is a secret, what comes before the
         * proof is nobody's word (ADR 5).
         */
        @Override
        public void onArrived(ByteBuffer data) {
            HeartbeatFrame frame = decode(data);
            if (goodbyeFirst && frame instanceof Hello) {
                goodbyeFirst = false;
                dismissed = true;
            }
            if (dismissed) {
                return;
            }
            if (frame instanceof Hello hello) {
                boot = hello.host().bootId();
                conmgrId = hello.conmgrId();
                sincere = oracle.isBelieved(hello.conmgrId());
            }
            boolean proves = instance.secret() == null ? frame instanceof Hello : frame instanceof Proof;
            if (sincere && proves) {
                believed = true;
                oracle.onReturn(instance, socket.remoteName(), boot);
            }
            if (believed) {
                oracle.onWatchdogHeard(instance, socket.remoteName(), boot, conmgrId);
                if (frame instanceof Goodbye goodbye && goodbye.reason() == Goodbye.Reason.STOP) {
                    oracle.onStopSaid(instance, socket.remoteName(), boot);
                }
            }
        }

        @Override
        public void onData(ByteBuffer data) {
            long now = time().nanoTime();
            HeartbeatFrame frame = decode(data);
            if (dismissed) {
                send(new Goodbye(Goodbye.Reason.INSTANCE_STOPPING));
                close(id, "goodbye");
                return;
            }
            if (frame instanceof Hello hello) {
                helloPayload = HeartbeatCodec.encodePayload(hello);
            }
            SharedSecret secret = instance.secret();
            Gate.Unproven unproven = admission.unproven();
            if (bug == PlantedBug.PROOF_NOT_CHECKED && secret != null && unproven != null && frame instanceof Proof) {
                frame = secret.proof(SharedSecret.Side.CONMGR, unproven.challenge(), helloPayload());
            }
            gate.onFrame(now, this, frame);
        }

        @Override
        public void onClosed() {
            sockets.remove(id);
            table.onClosed(time().nanoTime(), id);
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public PeerEndpoint endpoint() {
            return new PeerEndpoint(addressOf(socket.remoteName()), socket.remotePort(), 0);
        }

        @Override
        public Gate.Admission admission() {
            return admission;
        }

        @Override
        public ByteBuffer helloPayload() {
            return helloPayload.duplicate();
        }

        @Override
        public void send(HeartbeatFrame frame) {
            SimWatchdog.this.send(id, frame);
        }
    }

    static HeartbeatFrame decode(ByteBuffer data) {
        ByteBuffer frame = data.duplicate();
        frame.getShort();
        try {
            return HeartbeatCodec.decode(frame);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("the simulation's peers only send frames", e);
        }
    }
}
