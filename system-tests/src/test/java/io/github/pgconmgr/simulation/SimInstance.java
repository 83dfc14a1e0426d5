package io.github.pgconmgr.simulation;

import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimTime;
import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A simulated instance: postmaster, sessions, shared memory, and a watchdog worker that is started again after a second.
 * Confined to the simulation.
 */
final class SimInstance {

    static final int WATCHDOG_PORT = 27545;
    static final int BACKEND_PORT = 27500;
    private static final long WORKER_RESTART_NANOS = 1_000_000_000;

    private final SimTime time;
    private final SimHost host;
    private final Oracle oracle;
    private final PlantedBug bug;
    private final SimSet set;
    private final List<SimSession> sessions = new ArrayList<>();
    private List<PeerRow> sharedRows = List.of();
    private @Nullable SimWatchdog watchdog;
    private @Nullable SimPostmaster postmaster;
    private boolean failsChecks;
    private boolean readOnlyBySql;
    private boolean running;
    private long postmasterStart;
    private InstanceState state;

    SimInstance(SimTime time, SimHost host, World.Watched watched, SimSet set) {
        this.time = time;
        this.set = set;
        this.host = host;
        this.oracle = watched.oracle();
        this.bug = watched.bug();
        this.state = new InstanceState(!set.instances().isEmpty(), false, false, 1, 1000);
        start();
    }

    SimTime time() {
        return time;
    }

    SimHost host() {
        return host;
    }

    String name() {
        return host.name();
    }

    /** Whom it replicates with. */
    SimSet set() {
        return set;
    }

    long systemIdentifier() {
        return set.systemIdentifier();
    }

    long postmasterStartMicros() {
        return postmasterStart;
    }

    InstanceState state() {
        return state;
    }

    boolean isRunning() {
        return running;
    }

    @Nullable
    SimWatchdog watchdog() {
        return watchdog;
    }

    List<SimSession> sessions() {
        return sessions;
    }

    void start() {
        if (running || !host.isUp()) {
            return;
        }
        running = true;
        postmasterStart = 1_000_000 + time.sinceStart() / 1000;
        state = new InstanceState(state.inRecovery(), state.readOnly(), false, state.timeline(), state.lsn());
        sharedRows = List.of();
        SimPostmaster fresh = new SimPostmaster(this);
        postmaster = fresh;
        host.listen(BACKEND_PORT, fresh::onAccepted);
        startWorker();
    }

    private void startWorker() {
        long ofThisStart = postmasterStart;
        SimWatchdog fresh = new SimWatchdog(this, oracle, bug, sharedRows);
        watchdog = fresh;
        oracle.onWorkerStart(this, sharedRows);
        host.listen(WATCHDOG_PORT, fresh::onAccepted);
        oracle.trace(name() + " worker starts, postmaster " + ofThisStart);
    }

    /** pg_terminate_backend on the worker, or a failure of its Java. */
    void killWorker() {
        SimWatchdog old = watchdog;
        if (!running || old == null) {
            return;
        }
        host.unlisten(WATCHDOG_PORT);
        old.kill();
        watchdog = null;
        long ofThisStart = postmasterStart;
        time.after(WORKER_RESTART_NANOS, () -> {
            if (running && postmasterStart == ofThisStart && watchdog == null) {
                startWorker();
            }
        });
    }

    void beginSmartStop() {
        change(new InstanceState(state.inRecovery(), state.readOnly(), true, state.timeline(), state.lsn()));
    }

    /** Fast stop says goodbye; immediate stop and a crash do not. */
    void stop(boolean goodbye) {
        if (!running) {
            return;
        }
        running = false;
        SimWatchdog old = watchdog;
        if (old != null) {
            if (goodbye) {
                old.sayGoodbye();
            }
            old.kill();
        }
        SimPostmaster ended = postmaster;
        if (ended != null) {
            ended.kill();
        }
        afterEnd();
        host.unlisten(WATCHDOG_PORT);
        host.unlisten(BACKEND_PORT);
    }

    /** The host loses its power: nobody is told. */
    void powerOff() {
        running = false;
        SimWatchdog old = watchdog;
        if (old != null) {
            old.end();
        }
        SimPostmaster ended = postmaster;
        if (ended != null) {
            ended.end();
        }
        afterEnd();
        host.powerOff();
    }

    private void afterEnd() {
        watchdog = null;
        postmaster = null;
        sharedRows = List.of();
        sessions.forEach(session -> session.ended = true);
        sessions.clear();
        oracle.onInstanceEnd(this);
    }

    /** What a question by SQL is answered with: on a standby transaction_read_only is always set. */
    SimPostmaster.Answer answerToSql() {
        InstanceState seen = new InstanceState(
                state.inRecovery(),
                state.inRecovery() || state.readOnly() || readOnlyBySql,
                false,
                state.timeline(),
                state.lsn());
        return new SimPostmaster.Answer(failsChecks, systemIdentifier(), postmasterStart, seen);
    }

    /** What conmgrs must know; null if nobody asks. */
    @Nullable
    SharedSecret secret() {
        return set.secret();
    }

    @Nullable
    SimPostmaster postmaster() {
        return postmaster;
    }

    /** From now on the role of the checks is told nothing but errors, or is told the truth again. */
    void failChecks(boolean fail) {
        failsChecks = fail;
    }

    /** ALTER ROLE ... SET default_transaction_read_only, which its watchdog knows nothing of. */
    void setReadOnlyBySql(boolean readOnly) {
        readOnlyBySql = readOnly;
    }

    void promote() {
        change(new InstanceState(false, false, state.stopping(), state.timeline() + 1, state.lsn() + 10));
    }

    void followAsStandby(int timeline) {
        change(new InstanceState(true, false, state.stopping(), timeline, state.lsn() + 10));
    }

    /** Only the LSN moves, and whom it is received from. */
    void write() {
        change(new InstanceState(
                state.inRecovery(), state.readOnly(), state.stopping(), state.timeline(), state.lsn() + 1));
        SimWatchdog worker = watchdog;
        if (running && worker != null) {
            worker.onUpstream(new Upstream("upstream", 1 + (int) (state.lsn() & 1)));
        }
    }

    private void change(InstanceState changed) {
        state = changed;
        SimWatchdog worker = watchdog;
        if (running && worker != null) {
            worker.onInstanceState(changed);
        }
    }

    void keepRows(List<PeerRow> rows) {
        sharedRows = rows;
    }

    void addSession(SimSession session) {
        sessions.add(session);
    }

    /** What C and the terminator do with a judgement: see ADR 1, choice 5. */
    void endSessions(Judgement judgement, long judgedNanos) {
        long latencyNanos = time.upTo(5_000_000);
        long ofThisStart = postmasterStart;
        time.after(latencyNanos, () -> {
            if (!running || postmasterStart != ofThisStart) {
                return;
            }
            long now = time.nanoTime();
            long ageNanos = judgement.spareNewerThanMillis(now) * 1_000_000;
            for (SimSession session : List.copyOf(sessions)) {
                boolean ofAddress = SimWatchdog.addressOf(session.client.name()).equals(judgement.address());
                boolean younger = bug != PlantedBug.YOUNGER_VICTIM && session.startNanos - (now - ageNanos) >= 0;
                if (ofAddress && !younger) {
                    oracle.onVictim(this, session, judgedNanos);
                    session.ended = true;
                    sessions.remove(session);
                }
            }
        });
    }
}
