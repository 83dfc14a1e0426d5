package io.github.pgconmgr.simulation;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.routing.Route;
import io.github.pgconmgr.routing.Router;
import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimNetwork;
import io.github.pgconmgr.testkit.sim.SimTime;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Application hosts with a conmgr each, database hosts with an instance each, a network, and one seed. Confined to the
 * simulation.
 */
final class World {

    private static final int APPLICATION_HOSTS = 4;
    private static final int INSTANCES = 3;
    private static final long SECOND = 1_000_000_000L;

    private final SimTime time;
    private final SimNetwork network;
    private final Oracle oracle;
    private final PlantedBug bug;
    private final List<SimInstance> instances = new ArrayList<>();
    private final Map<String, HeartbeatConfig> configs = new TreeMap<>();
    private final Map<String, SimDirectory> directories = new TreeMap<>();
    private final Map<String, SimConmgr> conmgrs = new TreeMap<>();
    private final Chaos chaos;
    private boolean quiet;

    /** What looks on, and what is wrong on purpose. */
    record Watched(Oracle oracle, PlantedBug bug) {}

    World(long seed, PlantedBug bug) {
        this.bug = bug;
        time = new SimTime(new SplittableRandom(seed));
        network = new SimNetwork(time);
        oracle = new Oracle(time, "seed " + seed);
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(new SimInstance(time, network.host("d" + i), oracle, bug, i > 0));
        }
        for (int i = 0; i < APPLICATION_HOSTS; i++) {
            configs.put("a" + i, randomConfig());
            startConmgr(network.host("a" + i));
        }
        chaos = new Chaos(this);
    }

    /** Intervals and timeouts in round numbers, so that frames and deadlines meet at the same nanosecond now and then. */
    private HeartbeatConfig randomConfig() {
        int interval = 250 * (1 + time.random().nextInt(4));
        int timeout = interval * (2 + time.random().nextInt(3));
        return new HeartbeatConfig(new HeartbeatSettings(interval, timeout), SECOND, 3 * SECOND);
    }

    SimTime time() {
        return time;
    }

    SimNetwork network() {
        return network;
    }

    Oracle oracle() {
        return oracle;
    }

    List<SimInstance> instances() {
        return instances;
    }

    Collection<SimConmgr> conmgrs() {
        return conmgrs.values();
    }

    List<SimHost> applicationHosts() {
        return configs.keySet().stream().map(network::host).toList();
    }

    void startConmgr(SimHost host) {
        SimConmgr running = conmgrs.get(host.name());
        HeartbeatConfig config = configs.get(host.name());
        if (host.isUp() && config != null && (running == null || !running.isAlive())) {
            SimDirectory directory = directories.computeIfAbsent(host.name(), name -> new SimDirectory(time));
            conmgrs.put(
                    host.name(), new SimConmgr(network, host, instances, config, directory, new Watched(oracle, bug)));
        }
    }

    /** cm_ctl reload with other heartbeat settings, which the next conmgr of the host has, too. */
    void reload(SimConmgr conmgr) {
        if (conmgr.isAlive()) {
            HeartbeatConfig config = randomConfig();
            configs.put(conmgr.host().name(), config);
            conmgr.reload(config);
        }
    }

    /** Lives through {@code steps} events; the invariants are checked after each. */
    void run(int steps) {
        time.after(SECOND, this::makeTrouble);
        time.after(SECOND / 10, this::openSessions);
        for (int step = 0; step < steps; step++) {
            step();
        }
    }

    private void step() {
        if (!time.step()) {
            throw new IllegalStateException("nothing happens any more");
        }
        oracle.check(instances, living());
    }

    private List<SimConmgr> living() {
        return conmgrs.values().stream().filter(SimConmgr::isAlive).toList();
    }

    private void makeTrouble() {
        if (!quiet) {
            chaos.next();
            time.after(50_000_000 + time.upTo(SECOND), this::makeTrouble);
        }
    }

    private void openSessions() {
        TargetAttribute[] targets = TargetAttribute.values();
        for (SimConmgr conmgr : living()) {
            conmgr.openSession(targets[time.random().nextInt(targets.length)]);
        }
        if (!quiet) {
            time.after(SECOND / 20 + time.upTo(SECOND / 5), this::openSessions);
        }
    }

    /** The network heals, everybody is started again, one primary remains: then everyone must come to the same picture. */
    void healAndConverge() {
        quiet = true;
        network.healAll();
        network.weather(1_000_000, 0);
        int newest =
                instances.stream().mapToInt(i -> i.state().timeline()).max().orElse(1);
        SimInstance primary = instances.stream()
                .filter(i -> i.state().timeline() == newest)
                .min(Comparator.comparing(i -> i.state().inRecovery()))
                .orElseThrow();
        for (SimInstance instance : instances) {
            if (!instance.host().isUp()) {
                instance.host().powerOn();
            }
            instance.stop(false);
            instance.start();
            if (instance != primary) {
                instance.followAsStandby(newest);
            }
        }
        if (primary.state().inRecovery()) {
            primary.promote();
        }
        for (SimHost host : applicationHosts()) {
            if (!host.isUp()) {
                host.powerOn();
            }
            startConmgr(host);
        }
        long end = time.sinceStart() + 40 * SECOND;
        while (time.sinceStart() < end) {
            step();
        }
        requireOnePicture(primary);
    }

    private void requireOnePicture(SimInstance primary) {
        for (SimConmgr conmgr : living()) {
            String who = conmgr.host().name();
            for (InstanceView view : conmgr.topology().snapshot().instances()) {
                SimInstance truth = instances.get(view.number());
                oracle.requireAtTheEnd(
                        view.liveness() == Liveness.ALIVE, who + " takes " + truth.name() + " for " + view.liveness());
                oracle.requireAtTheEnd(
                        view.facts() != null && !view.facts().state().differsFrom(truth.state()),
                        who + " sees " + truth.name() + " as " + view.facts());
            }
            Route route = Router.choose(
                    new Router.Question(
                            conmgr.topology().snapshot(),
                            TargetAttribute.READ_WRITE,
                            0,
                            RoutingConfig.NO_LAG_LIMIT,
                            time.nanoTime()),
                    n -> 0,
                    0);
            oracle.requireAtTheEnd(
                    route instanceof Route.Chosen chosen
                            && instances.get(chosen.instance().number()) == primary,
                    who + " sends writers to " + route);
        }
        for (SimInstance instance : instances) {
            SimWatchdog watchdog = instance.watchdog();
            long connected = watchdog == null
                    ? 0
                    : watchdog.table().peers().stream()
                            .filter(p -> p.isConnected())
                            .count();
            oracle.requireAtTheEnd(
                    connected == living().size(), instance.name() + " has " + connected + " conmgrs connected");
        }
    }
}
