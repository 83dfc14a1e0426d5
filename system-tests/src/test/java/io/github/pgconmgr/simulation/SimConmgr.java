package io.github.pgconmgr.simulation;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.routing.Route;
import io.github.pgconmgr.routing.Router;
import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimNetwork;
import io.github.pgconmgr.testkit.sim.SimProcess;
import io.github.pgconmgr.testkit.sim.SimTime;
import io.github.pgconmgr.time.StallMeter;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.topology.TimelineRecord;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One run of a conmgr: the real links, topology and router behind a shell that talks to the simulated network. Confined to the
 * simulation.
 */
final class SimConmgr extends SimProcess {

    /** What a client knows of its session: where it was sent. */
    private record ClientSession(int instanceNumber, SimSession session) {}

    private final SimHost host;
    private final Oracle oracle;
    private final PlantedBug bug;
    private HeartbeatConfig config;
    private long longestTimeoutNanos;
    private final Topology topology;
    private final Id128 id;
    private final List<SimLink> links = new ArrayList<>();
    private final List<ClientSession> clients = new ArrayList<>();
    private final Deque<Runnable> posted = new ArrayDeque<>();
    private final StallMeter stalls = new StallMeter(SimWatchdog.STALL_THRESHOLD_NANOS);
    private long plannedNanos;
    private long cursor;

    SimConmgr(
            SimNetwork network,
            SimHost host,
            List<SimInstance> instances,
            HeartbeatConfig config,
            SimDirectory directory,
            World.Watched watched) {
        super(instances.get(0).time());
        this.oracle = watched.oracle();
        this.bug = watched.bug();
        this.host = host;
        this.config = config;
        this.longestTimeoutNanos = config.settings().timeoutNanos();
        this.id = Id128.random(time().random());
        List<InstanceConfig> configs = new ArrayList<>();
        for (int number = 0; number < instances.size(); number++) {
            String name = instances.get(number).name();
            configs.add(new InstanceConfig(number, name, "", SimInstance.BACKEND_PORT, SimInstance.WATCHDOG_PORT));
        }
        Log log = (message, component, arguments) ->
                oracle.trace(host.name() + " " + component + " " + message.format(arguments));
        TimelineRecord remembered = bug == PlantedBug.TIMELINE_FORGOTTEN ? null : directory.kept();
        topology = new Topology(configs, log, remembered, directory.memoryOf(this));
        topology.addListener(this::onSessionsLost);
        for (int number = 0; number < instances.size(); number++) {
            links.add(new SimLink(this, network, number, instances.get(number), log));
        }
        oracle.onConmgrStart(id, host, config.settings());
        plannedNanos = time().nanoTime();
        links.forEach(link -> link.core().onStart(time().nanoTime()));
        wake();
    }

    SimHost host() {
        return host;
    }

    HeartbeatConfig config() {
        return config;
    }

    Topology topology() {
        return topology;
    }

    Oracle oracle() {
        return oracle;
    }

    PlantedBug bug() {
        return bug;
    }

    List<SimLink> links() {
        return links;
    }

    SimTime simTime() {
        return time();
    }

    /** The longest that it ever had: while it changes, the longer one counts. */
    long longestTimeoutNanos() {
        return longestTimeoutNanos;
    }

    Hello hello(HeartbeatSettings settings) {
        HostIdentity identity = new HostIdentity(host.name(), Oracle.bootId(host), 0);
        return Hello.of(settings, id, Id128.random(time().random()), identity, "sim");
    }

    /** SIGKILL: the kernel closes the sockets. */
    void kill() {
        end();
        links.forEach(SimLink::closeSockets);
        oracle.onConmgrEnd(this);
    }

    /** The host is gone: nobody closes anything. */
    void vanish() {
        end();
        oracle.onConmgrEnd(this);
    }

    /** cm_ctl reload. */
    void reload(HeartbeatConfig changed) {
        if (isStalled()) {
            return;
        }
        config = changed;
        longestTimeoutNanos = Math.max(longestTimeoutNanos, changed.settings().timeoutNanos());
        oracle.onReload(id, changed.settings());
        links.forEach(link -> link.core().onReload(time().nanoTime(), changed));
        wake();
    }

    /** Drivers ask for an LSN. */
    void wantLsn() {
        if (!isStalled()) {
            links.forEach(link -> link.core().onLsnWanted(time().nanoTime()));
        }
    }

    /** cm_ctl stop. */
    void stop() {
        if (isStalled()) {
            return;
        }
        links.forEach(link -> link.core().onStop(time().nanoTime(), Goodbye.Reason.STOP));
        kill();
    }

    /** A driver asks; if it is sent somewhere that it can reach, a session begins there. */
    void openSession(TargetAttribute target) {
        if (!isAlive() || isStalled()) {
            return;
        }
        Route route = Router.choose(
                new Router.Question(topology.snapshot(), target, 0, RoutingConfig.NO_LAG_LIMIT, time().nanoTime()),
                number -> 0,
                cursor++);
        if (route instanceof Route.Chosen chosen) {
            SimLink link = links.get(chosen.instance().number());
            oracle.onRoute(this, link, chosen.facts().state());
            SimSession session = link.beginSession();
            if (session != null) {
                clients.add(new ClientSession(chosen.instance().number(), session));
            }
        }
    }

    /** Sessions whose clients still believe in them although their instance is DOWN. */
    long untoldClients(int instanceNumber) {
        return clients.stream().filter(c -> c.instanceNumber == instanceNumber).count();
    }

    private void onSessionsLost(SessionsLost lost) {
        clients.removeIf(client -> client.instanceNumber == lost.instanceNumber());
    }

    /** Runs a task in the next turn. */
    void post(Runnable task) {
        posted.add(task);
        wake();
    }

    void wakeUp() {
        wake();
    }

    @Override
    protected void turn(long nowNanos, Runnable readAll) {
        long stall = stalls.onWake(nowNanos, plannedNanos);
        if (stall > 0) {
            links.forEach(link -> link.core().onStall(nowNanos, stall));
        }
        if (bug == PlantedBug.UNREAD_INPUT) {
            links.forEach(link -> link.core().onTick(nowNanos));
        }
        readAll.run();
        while (!posted.isEmpty()) {
            posted.remove().run();
        }
        links.forEach(link -> link.core().onTick(nowNanos));
        if (isAlive()) {
            plannedNanos = links.stream()
                    .mapToLong(link -> link.core().nextDeadlineNanos())
                    .reduce((a, b) -> a - b < 0 ? a : b)
                    .orElseThrow();
            long justBefore = plannedNanos - 1;
            setTimer(justBefore - nowNanos > 0 ? justBefore : plannedNanos);
        }
    }
}
