package io.github.pgconmgr.daemon;

import io.github.pgconmgr.admin.ApplicationStatus;
import io.github.pgconmgr.admin.AwaitScope;
import io.github.pgconmgr.admin.ControlLimits;
import io.github.pgconmgr.admin.InstanceStatus;
import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.frontend.Frontend;
import io.github.pgconmgr.frontend.FrontendStatus;
import io.github.pgconmgr.frontend.ListenException;
import io.github.pgconmgr.frontend.SessionInfo;
import io.github.pgconmgr.heartbeat.HeartbeatLoop;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import io.github.pgconmgr.topology.Fence;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The real parts: heartbeat loop, topology, front end, each on the threads of ADR 4. Shared: holds nothing that changes but
 * what those guard themselves.
 */
final class NetworkParts implements Parts {

    private final Topology topology;
    private final HeartbeatLoop heartbeats;
    private final Frontend frontend;
    private final NanoClock clock = NanoClock.SYSTEM;
    private final WallClock wallClock = WallClock.SYSTEM;

    NetworkParts(ConmgrConfig config, Log log) {
        this.topology = new Topology(config.instances(), log);
        this.heartbeats = new HeartbeatLoop(config, topology, log, clock);
        this.frontend = new Frontend(config, topology, log, clock);
        this.frontend.setLimit(FileDescriptors.connectionLimit(config, FileDescriptors.limit()));
    }

    @Override
    public void start(Runnable onTopologyChanged) throws StartException {
        topology.addChangeListener(onTopologyChanged);
        try {
            frontend.start();
        } catch (ListenException e) {
            throw new StartException(Message.LISTEN_FAILED, String.valueOf(e.getMessage()));
        }
        heartbeats.start();
    }

    @Override
    public void drain(Runnable onLastLeft) {
        frontend.stopListening();
        frontend.whenAllLeft(onLastLeft);
    }

    @Override
    public void reload(ConmgrConfig config) {
        heartbeats.reload(config.heartbeat());
        frontend.setLimit(FileDescriptors.connectionLimit(config, FileDescriptors.limit()));
    }

    /** Applications first: their notice must not come after the instances have ended their sessions. */
    @Override
    public void stop(Goodbye.Reason reason) {
        frontend.stop();
        heartbeats.stop(reason);
    }

    @Override
    public boolean stands(AwaitScope scope) {
        List<InstanceView> views = topology.snapshot().instances();
        return switch (scope) {
            case PRIMARY -> views.stream().anyMatch(NetworkParts::isUsablePrimary);
            case ALL -> views.stream().allMatch(view -> view.liveness() == Liveness.ALIVE);
        };
    }

    private static boolean isUsablePrimary(InstanceView view) {
        InstanceFacts facts = view.facts();
        return view.takesConnections() && facts != null && !facts.state().inRecovery();
    }

    @Override
    public Status status() throws TimeoutException, InterruptedException {
        FrontendStatus front;
        try {
            front = frontend.status().get(ControlLimits.STATUS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | RejectedExecutionException e) {
            throw new TimeoutException("the front end has stopped");
        }
        long nowNanos = clock.nanoTime();
        Instant now = wallClock.now();
        return new Status(
                topology.snapshot().instances().stream()
                        .map(view -> statusOf(view, front, now.minusNanos(nowNanos - view.sinceNanos())))
                        .toList(),
                front.sessions().stream()
                        .sorted(Comparator.comparingLong(session -> session.sinceNanos() - nowNanos))
                        .map(session -> statusOf(session, now.minusNanos(nowNanos - session.sinceNanos())))
                        .toList());
    }

    private static InstanceStatus statusOf(InstanceView view, FrontendStatus front, Instant since) {
        return new InstanceStatus(
                view.number(),
                view.config().displayHost(),
                view.config().backendPort(),
                seen(view),
                view.liveness().name(),
                // Nothing has become of it yet, so there is no moment to show.
                view.liveness() == Liveness.UNKNOWN ? null : since,
                (int) front.sessionsOf(view.number()),
                view.fence() == Fence.NONE
                        ? view.reason()
                        : "no connections: " + view.fence().text());
    }

    private static InstanceStatus.Seen seen(InstanceView view) {
        InstanceFacts facts = view.facts();
        if (facts == null) {
            return InstanceStatus.Seen.NOTHING;
        }
        return new InstanceStatus.Seen(
                view.attribute(), facts.state().timeline(), facts.state().lsn(), facts.roundTripMicros());
    }

    private static ApplicationStatus statusOf(SessionInfo session, Instant since) {
        return new ApplicationStatus(
                session.details().getOrDefault("pid", ""),
                session.details().getOrDefault("application_name", ""),
                session.client(),
                session.target().word(),
                session.instanceNumber(),
                since);
    }
}
