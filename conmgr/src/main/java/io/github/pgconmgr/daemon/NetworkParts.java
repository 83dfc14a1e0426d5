package io.github.pgconmgr.daemon;

import io.github.pgconmgr.admin.ApplicationStatus;
import io.github.pgconmgr.admin.AwaitScope;
import io.github.pgconmgr.admin.ControlLimits;
import io.github.pgconmgr.admin.InstanceStatus;
import io.github.pgconmgr.admin.TopologyReport;
import io.github.pgconmgr.attribute.AttributeChecks;
import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.LoadedConfig;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.config.Setting;
import io.github.pgconmgr.frontend.Frontend;
import io.github.pgconmgr.frontend.FrontendStatus;
import io.github.pgconmgr.frontend.ListenException;
import io.github.pgconmgr.frontend.SessionInfo;
import io.github.pgconmgr.heartbeat.HeartbeatLoop;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.Relay;
import io.github.pgconmgr.relay.console.RelayPicture;
import io.github.pgconmgr.relay.session.Doors;
import io.github.pgconmgr.relay.session.Surroundings;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import io.github.pgconmgr.topology.Fence;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.StandbyLag;
import io.github.pgconmgr.topology.TimelineRecord;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.topology.TopologySnapshot;
import io.github.pgconmgr.topology.Upstreams;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The real parts: heartbeat loop, topology, front end, each on the threads of ADR 4. Shared: holds nothing that changes but
 * what those guard themselves.
 */
final class NetworkParts implements Parts {

    private final TimelineKeeper timelines;
    private final Topology topology;
    private final HeartbeatLoop heartbeats;
    private final @Nullable AttributeChecks checks;
    private final Relay relay;
    private final Log log;
    private final Frontend frontend;
    private final NanoClock clock = NanoClock.SYSTEM;
    private final WallClock wallClock = WallClock.SYSTEM;
    private final ConmgrConfig config;
    private volatile List<Setting> settings;

    /**
     * @throws StartException if the directory's timeline file cannot be used
     */
    NetworkParts(Path directory, LoadedConfig loaded, Log log) throws StartException {
        this.config = loaded.config();
        this.log = log;
        this.settings = loaded.settings();
        TimelineFile file = new TimelineFile(directory);
        this.timelines = new TimelineKeeper(file::write, file.path().toString(), new HeartbeatTasks(), log);
        this.topology = new Topology(config.instances(), log, file.read(), timelines);
        configure(topology, config.routing());
        this.heartbeats = new HeartbeatLoop(config, topology, log, clock);
        this.checks = AttributeChecks.isNeeded(config) ? new AttributeChecks(config, heartbeats, topology, log) : null;
        this.relay = new Relay(
                config,
                RelayFiles.load(config.relay()),
                new FrontDoors(),
                new Surroundings.About(Version.NUMBER, wallClock, () -> settings),
                topology,
                log);
        this.frontend = new Frontend(config, topology, relay, log, clock, heartbeats::followLsn);
        this.frontend.countServers(relay::serverConnections, relay::promisedConnections);
        this.frontend.setLimit(FileDescriptors.connectionLimit(config, FileDescriptors.limit()));
    }

    private static void configure(Topology topology, RoutingConfig routing) {
        topology.fenceSessions(routing.fenceSessions());
        topology.keepPast(routing.maxStandbyLag().nanosOrZero());
    }

    @Override
    public void start(Runnable onTopologyChanged) throws StartException {
        topology.addChangeListener(onTopologyChanged);
        relay.start();
        try {
            frontend.start();
            relay.listen(config, frontend.admission());
        } catch (ListenException e) {
            throw new StartException(Message.LISTEN_FAILED, String.valueOf(e.getMessage()));
        }
        heartbeats.start();
    }

    @Override
    public void drain(Runnable onLastLeft) {
        frontend.stopListening();
        relay.stopListening();
        frontend.whenAllLeft(onLastLeft);
    }

    @Override
    public void reload(LoadedConfig loaded) {
        ConmgrConfig config = loaded.config();
        settings = loaded.settings();
        if (checks != null) {
            checks.reload(config.heartbeat());
        }
        heartbeats.reload(config.heartbeat());
        frontend.configure(config.routing());
        relay.reload(config);
        reloadRelayFiles(config);
        heartbeats.execute(() -> configure(topology, config.routing()));
        frontend.setLimit(FileDescriptors.connectionLimit(config, FileDescriptors.limit()));
    }

    /** A file that is broken now is not used: who could log in before can do so still. */
    private void reloadRelayFiles(ConmgrConfig config) {
        try {
            relay.reload(RelayFiles.load(config.relay()));
        } catch (StartException e) {
            log.write(Message.RELAY_FILES_KEPT, Daemon.COMPONENT, String.valueOf(e.getMessage()));
        }
    }

    /** Applications first: their notice must not come after the instances have ended their sessions. */
    @Override
    public void stop(Goodbye.Reason reason) {
        frontend.stopListening();
        relay.stop();
        frontend.stop();
        heartbeats.stop(reason);
        if (checks != null) {
            checks.close();
        }
        timelines.close();
    }

    @Override
    public boolean stands(AwaitScope scope) {
        List<InstanceView> views = topology.snapshot().instances();
        return switch (scope) {
            case PRIMARY -> views.stream().anyMatch(NetworkParts::isUsablePrimary);
            case ALL ->
                views.stream().allMatch(view -> view.liveness() == Liveness.ALIVE && view.fence() != Fence.UNRECORDED);
        };
    }

    private static boolean isUsablePrimary(InstanceView view) {
        InstanceFacts facts = view.facts();
        return view.takesConnections() && facts != null && !facts.state().inRecovery();
    }

    @Override
    public String statusLine() {
        return StatusLine.of(topology.snapshot());
    }

    private FrontendStatus frontendStatus() throws TimeoutException, InterruptedException {
        try {
            return frontend.status().get(ControlLimits.STATUS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | RejectedExecutionException e) {
            throw new TimeoutException("the front end has stopped");
        }
    }

    private RelayPicture relayPicture() throws TimeoutException, InterruptedException {
        try {
            return relay.picture().get(ControlLimits.STATUS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | RejectedExecutionException e) {
            throw new TimeoutException("the relay has stopped");
        }
    }

    @Override
    public TopologyReport topology() throws TimeoutException, InterruptedException {
        FrontendStatus front = frontendStatus();
        String remembered = onHeartbeatLoop(() -> text(topology.known()));
        TopologySnapshot snapshot = topology.snapshot();
        StandbyLag lag = StandbyLag.in(snapshot);
        return new TopologyReport(
                snapshot.instances().stream()
                        .map(view -> nodeOf(view, snapshot, statusOf(view, front, wallClock.now()), lag))
                        .toList(),
                remembered,
                front.waiting());
    }

    private static TopologyReport.Node nodeOf(
            InstanceView view, TopologySnapshot snapshot, InstanceStatus status, StandbyLag lag) {
        InstanceFacts facts = view.facts();
        if (facts == null || !view.fence().attribute().isEmpty()) {
            return new TopologyReport.Node(
                    TopologyReport.Place.ASIDE, status, OptionalLong.empty(), TopologyReport.Follows.NOBODY);
        }
        TopologyReport.Place place =
                facts.state().inRecovery() ? TopologyReport.Place.STANDBY : TopologyReport.Place.PRIMARY;
        return new TopologyReport.Node(place, status, lag.bytes(facts.state()), follows(view, facts, snapshot));
    }

    private static TopologyReport.Follows follows(InstanceView view, InstanceFacts facts, TopologySnapshot snapshot) {
        Upstream upstream = facts.upstream();
        return !facts.state().inRecovery() || upstream.equals(Upstream.NONE)
                ? TopologyReport.Follows.NOBODY
                : new TopologyReport.Follows(
                        upstream.host() + ":" + upstream.port(), Upstreams.followedBy(view, snapshot));
    }

    @Override
    public Status status() throws TimeoutException, InterruptedException {
        FrontendStatus front = frontendStatus();
        long nowNanos = clock.nanoTime();
        Instant now = wallClock.now();
        return new Status(
                topology.snapshot().instances().stream()
                        .map(view -> statusOf(view, front, now.minusNanos(nowNanos - view.sinceNanos())))
                        .toList(),
                front.sessions().stream()
                        .sorted(Comparator.comparingLong(session -> session.sinceNanos() - nowNanos))
                        .map(session -> statusOf(session, now.minusNanos(nowNanos - session.sinceNanos())))
                        .toList(),
                PoolPicture.of(relayPicture()));
    }

    @Override
    public String forgetTimeline(boolean really) throws TimeoutException, InterruptedException {
        return onHeartbeatLoop(
                () -> really ? textOf(topology.forget()) : "remembered: " + text(topology.known()) + "\n");
    }

    private String onHeartbeatLoop(Supplier<String> question) throws TimeoutException, InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        heartbeats.execute(() -> answer.complete(question.get()));
        try {
            return answer.get(ControlLimits.STATUS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it so", e);
        }
    }

    private static String textOf(Topology.Forgotten forgotten) {
        return "forgotten: " + text(forgotten.before()) + "\nknown now: " + text(forgotten.after()) + "\n";
    }

    private static String text(@Nullable TimelineRecord record) {
        return record == null ? "nothing" : record.text();
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
                        : "no connections: " + view.fence().text(),
                view.remark());
    }

    private static InstanceStatus.Seen seen(InstanceView view) {
        InstanceFacts facts = view.facts();
        if (facts == null) {
            return InstanceStatus.Seen.NOTHING;
        }
        return new InstanceStatus.Seen(
                view.fence().attribute().isEmpty()
                        ? view.attribute()
                        : view.fence().attribute(),
                facts.state().timeline(),
                facts.state().lsn(),
                facts.roundTripMicros(),
                facts.replayLagMillis());
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

    /** The front end counts the relay's clients, too. */
    private final class FrontDoors implements Doors {
        @Override
        public boolean hasRoom() {
            return frontend.hasRoom();
        }

        @Override
        public void pause(boolean on) {
            relay.pauseListening(on);
        }
    }

    /** Where the timeline keeper is confined to. */
    private final class HeartbeatTasks implements TimelineKeeper.Loop {
        @Override
        public void execute(Runnable task) {
            heartbeats.execute(task);
        }

        @Override
        public void later(Runnable task, long millis) {
            heartbeats.schedule(task, millis);
        }
    }
}
