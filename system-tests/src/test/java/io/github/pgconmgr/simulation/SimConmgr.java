package io.github.pgconmgr.simulation;

import io.github.pgconmgr.attribute.Confirmation;
import io.github.pgconmgr.attribute.SqlLink;
import io.github.pgconmgr.config.CheckMode;
import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.heartbeat.LoopMember;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.routing.Route;
import io.github.pgconmgr.routing.Router;
import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimNetwork;
import io.github.pgconmgr.testkit.sim.SimProcess;
import io.github.pgconmgr.testkit.sim.SimTime;
import io.github.pgconmgr.time.StallMeter;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.topology.TimelineRecord;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a conmgr: the real links, topology and router behind a shell that talks to the simulated network. Confined to the
 * simulation.
 */
final class SimConmgr extends SimProcess {

    private static final HeartbeatSettings ABNORMAL = new HeartbeatSettings(1000, 1000);

    /** What a client knows of its session: where it was sent. */
    private record ClientSession(int instanceNumber, SimSession session) {}

    private final SimNetwork network;
    private final Setup setup;
    private final SimHost host;
    private final Oracle oracle;
    private final PlantedBug bug;
    private HeartbeatConfig config;
    private long longestTimeoutNanos;
    private long longestCheckNanos;
    private final Topology topology;
    private final Id128 id;
    private final Map<Integer, SimLink> links = new TreeMap<>();
    private final Map<Integer, SimCheck> checks = new TreeMap<>();
    private final List<LoopMember> members = new ArrayList<>();
    private final List<ClientSession> clients = new ArrayList<>();
    private final Deque<Runnable> posted = new ArrayDeque<>();
    private final StallMeter stalls = new StallMeter(SimWatchdog.STALL_THRESHOLD_NANOS);
    private HeartbeatSettings offeredByHello = ABNORMAL;
    private int strangeGreetings;
    private long plannedNanos;
    private long cursor;

    /**
     * What one run of a conmgr is made from. Immutable.
     *
     * @param name of its directory
     * @param modes how each instance of the set is looked at
     * @param secret what it takes for the shared secret; null for none
     */
    record Setup(
            String name,
            SimHost host,
            SimSet set,
            HeartbeatConfig config,
            List<CheckMode> modes,
            @Nullable SharedSecret secret) {}

    SimConmgr(SimNetwork network, Setup setup, SimDirectory directory, World.Watched watched) {
        super(setup.set.instances().get(0).time());
        this.oracle = watched.oracle();
        this.bug = watched.bug();
        this.network = network;
        this.setup = setup;
        this.host = setup.host;
        this.config = setup.config;
        this.longestTimeoutNanos = config.settings().timeoutNanos();
        this.longestCheckNanos = config.checkIntervalNanos();
        this.id = Id128.random(time().random());
        Log log = (message, component, arguments) ->
                oracle.trace(setup.name + " " + component + " " + message.format(arguments));
        TimelineRecord remembered = bug == PlantedBug.TIMELINE_FORGOTTEN ? null : directory.kept();
        topology = new Topology(configs(), log, remembered, directory.memoryOf(this));
        topology.addListener(this::onSessionsLost);
        oracle.onConmgrStart(this);
        for (int number = 0; number < setup.modes.size(); number++) {
            join(number, setup.modes.get(number), log);
        }
        plannedNanos = time().nanoTime();
        links.values().forEach(link -> link.core().onStart(time().nanoTime()));
        members.forEach(member -> member.onStart(time().nanoTime()));
        wake();
    }

    private List<InstanceConfig> configs() {
        List<InstanceConfig> configs = new ArrayList<>();
        for (int number = 0; number < setup.modes.size(); number++) {
            String name = instance(number).name();
            configs.add(new InstanceConfig(number, name, "", SimInstance.BACKEND_PORT, SimInstance.WATCHDOG_PORT));
        }
        return configs;
    }

    /** As AttributeChecks does it. */
    private void join(int number, CheckMode mode, Log log) {
        Observed events = new Observed(this, number);
        if (mode == CheckMode.WATCHDOG) {
            links.put(number, new SimLink(this, network, number, events, log));
            return;
        }
        SqlLink.Subject subject = new SqlLink.Subject(number, "SQL of instance " + number, Long.MAX_VALUE);
        if (mode == CheckMode.SQL) {
            checks.put(
                    number, new SimCheck(this, network, subject, instance(number), new SimCheck.Wiring(events, log)));
        } else {
            Confirmation confirmation = new Confirmation(number, config, events, log);
            SimCheck check = new SimCheck(
                    this, network, subject, instance(number), new SimCheck.Wiring(confirmation.sql(), log));
            confirmation.commandBy(check.core()::askNow, check.core()::leave);
            links.put(number, new SimLink(this, network, number, confirmation.watchdog(), log));
            checks.put(number, check);
            members.add(confirmation);
        }
        members.add(Objects.requireNonNull(checks.get(number)).core());
    }

    SimInstance instance(int number) {
        return setup.set.instances().get(number);
    }

    String name() {
        return setup.name;
    }

    SimSet set() {
        return setup.set;
    }

    Id128 id() {
        return id;
    }

    @Nullable
    SharedSecret secret() {
        return setup.secret;
    }

    /** Whether it knows what its watchdogs ask for. */
    boolean knowsTheSecret() {
        return Objects.equals(setup.secret, setup.set.secret());
    }

    /** What it takes an instance for, by whoever decides that. */
    Liveness liveness(int number) {
        SimLink link = links.get(number);
        return link != null
                ? link.core().liveness()
                : Objects.requireNonNull(checks.get(number)).core().liveness();
    }

    Collection<SimCheck> checks() {
        return checks.values();
    }

    /** What SQL said last of an instance; null if nobody asks, or nobody answers. */
    @Nullable
    InstanceState saidBySql(int number) {
        SimCheck check = checks.get(number);
        return check == null ? null : check.lastAnswer();
    }

    long longestCheckNanos() {
        return longestCheckNanos;
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

    Collection<SimLink> links() {
        return links.values();
    }

    SimTime simTime() {
        return time();
    }

    /** The longest that it ever had: while it changes, the longer one counts. */
    long longestTimeoutNanos() {
        return longestTimeoutNanos;
    }

    Hello hello(HeartbeatSettings wanted) {
        offeredByHello = wanted;
        HeartbeatSettings settings = wanted;
        if (strangeGreetings > 0) {
            strangeGreetings--;
            settings = ABNORMAL;
            oracle.onReload(id, settings);
        }
        HostIdentity identity = new HostIdentity(host.name(), Oracle.bootId(host), 0);
        Hello hello = Hello.of(settings, id, Id128.random(time().random()), identity, "sim");
        return setup.secret == null ? hello : hello.wantingProof();
    }

    /** The settings that the last HELLO was to carry. */
    HeartbeatSettings offeredByHello() {
        return offeredByHello;
    }

    /** SIGKILL: the kernel closes the sockets. */
    void kill() {
        end();
        links.values().forEach(SimLink::closeSockets);
        checks.values().forEach(SimCheck::closeSocket);
        oracle.onConmgrEnd(this);
    }

    /** The host is gone: nobody closes anything. */
    void vanish() {
        end();
        oracle.onConmgrEnd(this);
    }

    /** cm_ctl reload, which refuses what would cost every session (Reloader). */
    void reload(HeartbeatConfig changed) {
        boolean beats =
                changed.settings().alwaysAbnormal() && !changed.settings().equals(config.settings());
        boolean sql = !checks.isEmpty() && changed.checksAlwaysAbnormal() && !config.checksAlwaysAbnormal();
        if (isStalled() || beats || sql) {
            return;
        }
        config = changed;
        longestTimeoutNanos = Math.max(longestTimeoutNanos, changed.settings().timeoutNanos());
        longestCheckNanos = Math.max(longestCheckNanos, changed.checkIntervalNanos());
        oracle.onReload(id, changed.settings());
        links.values().forEach(link -> link.core().onReload(time().nanoTime(), changed));
        members.forEach(member -> member.onReload(time().nanoTime(), changed));
        wake();
    }

    /** A conmgr of another make: on links that stand it offers settings that ours never would. */
    void offerAbnormalSettings() {
        if (isAlive() && !isStalled()) {
            oracle.onReload(id, ABNORMAL);
            links.values().forEach(link -> link.offer(ABNORMAL));
        }
    }

    /** Likewise with its next so many HELLOs. */
    void greetStrangely(int times) {
        strangeGreetings = times;
    }

    /** A device between resets its connections, and says so to this side alone. */
    void loseConnections() {
        if (isAlive()) {
            links.values().forEach(SimLink::loseConnection);
        }
    }

    /** Drivers ask for an LSN. */
    void wantLsn() {
        if (!isStalled()) {
            links.values().forEach(link -> link.core().onLsnWanted(time().nanoTime()));
        }
    }

    /** cm_ctl stop, or restart. */
    void stop(Goodbye.Reason reason) {
        if (isStalled()) {
            return;
        }
        links.values().forEach(link -> link.core().onStop(time().nanoTime(), reason));
        members.forEach(member -> member.onStop(time().nanoTime()));
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
            int number = chosen.instance().number();
            oracle.onRoute(this, number, target, chosen.facts().state());
            SimSession session = beginSession(instance(number));
            if (session != null) {
                clients.add(new ClientSession(chosen.instance().number(), session));
            }
        }
    }

    /** The driver's stage 2, straight to the instance. */
    private @Nullable SimSession beginSession(SimInstance instance) {
        boolean reachable = !network.isCut(host, instance.host()) && !network.isCut(instance.host(), host);
        if (!reachable || !instance.isRunning()) {
            return null;
        }
        SimSession session = new SimSession(host, time().nanoTime());
        instance.addSession(session);
        return session;
    }

    /** Sessions whose clients still believe in them although their instance is DOWN. */
    long untoldClients(int instanceNumber) {
        return clients.stream().filter(c -> c.instanceNumber == instanceNumber).count();
    }

    private void onSessionsLost(SessionsLost lost) {
        if (bug == PlantedBug.LATE_NOTICE && time().random().nextInt(4) == 0) {
            return;
        }
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
            links.values().forEach(link -> link.core().onStall(nowNanos, stall));
            members.forEach(member -> member.onStall(nowNanos, stall));
        }
        if (bug == PlantedBug.UNREAD_INPUT) {
            tick(nowNanos);
        }
        readAll.run();
        while (!posted.isEmpty()) {
            posted.remove().run();
        }
        tick(nowNanos);
        if (isAlive()) {
            plannedNanos = LongStream.concat(
                            links.values().stream()
                                    .mapToLong(link -> link.core().nextDeadlineNanos()),
                            members.stream().mapToLong(LoopMember::nextDeadlineNanos))
                    .reduce((a, b) -> a - b < 0 ? a : b)
                    .orElseThrow();
            long justBefore = plannedNanos - 1;
            setTimer(justBefore - nowNanos > 0 ? justBefore : plannedNanos);
        }
    }

    private void tick(long nowNanos) {
        links.values().forEach(link -> link.core().onTick(nowNanos));
        members.forEach(member -> member.onTick(nowNanos));
    }
}
