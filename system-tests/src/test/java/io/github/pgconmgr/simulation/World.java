package io.github.pgconmgr.simulation;

import io.github.pgconmgr.config.CheckMode;
import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.routing.Route;
import io.github.pgconmgr.routing.Router;
import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimNetwork;
import io.github.pgconmgr.testkit.sim.SimTime;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Application hosts with a conmgr each, database hosts with an instance each, a network, and one seed. Confined to the
 * simulation.
 */
final class World {

    private static final int APPLICATION_HOSTS = 4;
    private static final int FIRST_SET = 3;
    private static final int SECOND_SET = 2;
    private static final long SECOND = 1_000_000_000L;
    private static final SharedSecret SECRET = secretOf("what both sides know");
    private static final SharedSecret WRONG_SECRET = secretOf("what one side takes for it");

    private final SimTime time;
    private final SimNetwork network;
    private final Oracle oracle;
    private final PlantedBug bug;
    private final List<SimSet> sets = new ArrayList<>();
    private final List<SimInstance> instances = new ArrayList<>();
    private final Map<String, Place> places = new TreeMap<>();
    private final Map<String, SimConmgr> conmgrs = new TreeMap<>();
    private final Chaos chaos;
    /** What most conmgrs have, as it is where one conmgr.conf is given to all hosts; null if each has its own. */
    private final @Nullable HeartbeatConfig ofAll;

    private boolean quiet;

    /** What looks on, and what is wrong on purpose. */
    record Watched(Oracle oracle, PlantedBug bug) {}

    /** A conmgr directory on a host: each set that the host's applications use has one. Confined to the simulation. */
    private static final class Place {
        private final SimHost host;
        private final SimSet set;
        private final SimDirectory directory;
        private HeartbeatConfig config;

        Place(SimHost host, SimSet set, SimDirectory directory, HeartbeatConfig config) {
            this.host = host;
            this.set = set;
            this.directory = directory;
            this.config = config;
        }
    }

    World(long seed, PlantedBug bug) {
        this.bug = bug;
        time = new SimTime(new SplittableRandom(seed));
        network = new SimNetwork(time);
        oracle = new Oracle(time, "seed " + seed);
        ofAll = seed % 4 < 2 ? soundConfig() : null;
        sets.add(set(7, seed % 2 == 0 ? SECRET : null, 0, FIRST_SET));
        sets.add(set(8, null, FIRST_SET, SECOND_SET));
        sets.forEach(set -> instances.addAll(set.instances()));
        for (int i = 0; i < APPLICATION_HOSTS; i++) {
            place("a" + i, network.host("a" + i), sets.get(0));
            if (i % 2 == 0) {
                place("a" + i + "/2", network.host("a" + i), sets.get(1));
            }
        }
        places.keySet().forEach(this::startConmgr);
        chaos = new Chaos(this);
    }

    /** Not of zeros: HMAC pads a short key with them, so that two of different lengths would be the same. */
    private static SharedSecret secretOf(String words) {
        return new SharedSecret(words.getBytes(StandardCharsets.US_ASCII));
    }

    private SimSet set(long systemIdentifier, @Nullable SharedSecret secret, int first, int count) {
        SimSet set = new SimSet(systemIdentifier, secret);
        for (int i = first; i < first + count; i++) {
            set.instances().add(new SimInstance(time, network.host("d" + i), new Watched(oracle, bug), set));
        }
        return set;
    }

    private void place(String name, SimHost host, SimSet set) {
        places.put(name, new Place(host, set, new SimDirectory(time), randomConfig()));
    }

    /**
     * Intervals and timeouts in round numbers, so that frames and deadlines meet at the same nanosecond now and then. One in ten is
     * always abnormal (C4), and some more for checks by SQL; none while everything is to become well.
     */
    private HeartbeatConfig randomConfig() {
        if (ofAll != null && time.random().nextInt(4) > 0) {
            return ofAll;
        }
        return quiet ? soundConfig() : anyConfig();
    }

    private HeartbeatConfig soundConfig() {
        HeartbeatConfig config = anyConfig();
        while (config.checksAlwaysAbnormal()) {
            config = anyConfig();
        }
        return config;
    }

    private HeartbeatConfig anyConfig() {
        int interval = 250 * (1 + time.random().nextInt(4));
        boolean abnormal = time.random().nextInt(10) == 0;
        int timeout = abnormal ? interval : interval * (2 + time.random().nextInt(3));
        long check = SECOND / 4 * (1 + time.random().nextInt(2));
        return new HeartbeatConfig(new HeartbeatSettings(interval, timeout), SECOND, 3 * SECOND, check);
    }

    /** Half of all instances are looked at by their watchdog alone. */
    private CheckMode randomMode() {
        return switch (time.random().nextInt(4)) {
            case 0 -> CheckMode.SQL;
            case 1 -> CheckMode.BOTH;
            default -> CheckMode.WATCHDOG;
        };
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

    /** Whether no new trouble is to come. */
    boolean isQuiet() {
        return quiet;
    }

    List<SimInstance> instances() {
        return instances;
    }

    Collection<SimConmgr> conmgrs() {
        return conmgrs.values();
    }

    List<SimConmgr> conmgrsOf(SimHost host) {
        return conmgrs.values().stream().filter(conmgr -> conmgr.host() == host).toList();
    }

    List<SimHost> applicationHosts() {
        return places.values().stream().map(place -> place.host).distinct().toList();
    }

    void startConmgrs(SimHost host) {
        places.forEach((name, place) -> {
            if (place.host == host) {
                startConmgr(name);
            }
        });
    }

    private void startConmgr(String name) {
        SimConmgr running = conmgrs.get(name);
        Place place = places.get(name);
        if (place == null || !place.host.isUp() || (running != null && running.isAlive())) {
            return;
        }
        List<CheckMode> modes = new ArrayList<>();
        place.set.instances().forEach(instance -> modes.add(randomMode()));
        boolean mistaken = !quiet && place.set.secret() != null && time.random().nextInt(8) == 0;
        SimConmgr.Setup setup = new SimConmgr.Setup(
                name, place.host, place.set, place.config, modes, mistaken ? WRONG_SECRET : place.set.secret());
        conmgrs.put(name, new SimConmgr(network, setup, place.directory, new Watched(oracle, bug)));
    }

    /** Other heartbeat settings, which the next conmgr of the directory has. */
    void edit(SimConmgr conmgr) {
        Place place = places.get(conmgr.name());
        if (place != null) {
            place.config = randomConfig();
        }
    }

    /** cm_ctl reload with other heartbeat settings, which the next conmgr of the directory has, too. */
    void reload(SimConmgr conmgr) {
        Place place = places.get(conmgr.name());
        if (conmgr.isAlive() && place != null) {
            place.config = randomConfig();
            conmgr.reload(place.config);
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
        List<SimInstance> primaries = sets.stream().map(SimSet::bringInOrder).toList();
        places.values().forEach(place -> place.config = randomConfig());
        for (SimConmgr conmgr : living()) {
            conmgr.greetStrangely(0);
            HeartbeatConfig config = conmgr.config();
            if (!conmgr.knowsTheSecret() || config.checksAlwaysAbnormal()) {
                conmgr.kill();
            }
        }
        for (SimHost host : applicationHosts()) {
            if (!host.isUp()) {
                host.powerOn();
            }
            startConmgrs(host);
        }
        long end = time.sinceStart() + 40 * SECOND;
        while (time.sinceStart() < end) {
            step();
        }
        requireOnePicture(primaries);
    }

    private void requireOnePicture(List<SimInstance> primaries) {
        for (SimConmgr conmgr : living()) {
            String who = conmgr.name();
            for (InstanceView view : conmgr.topology().snapshot().instances()) {
                SimInstance truth = conmgr.instance(view.number());
                oracle.requireAtTheEnd(
                        view.liveness() == Liveness.ALIVE, who + " takes " + truth.name() + " for " + view.liveness());
                InstanceFacts facts = view.facts();
                oracle.requireAtTheEnd(
                        facts != null
                                && facts.state().inRecovery() == truth.state().inRecovery()
                                && facts.state().timeline() == truth.state().timeline(),
                        who + " sees " + truth.name() + " as " + facts);
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
                            && primaries.contains(
                                    conmgr.instance(chosen.instance().number())),
                    who + " sends writers to " + route);
        }
        for (SimInstance instance : instances) {
            SimWatchdog watchdog = instance.watchdog();
            long connected = watchdog == null
                    ? 0
                    : watchdog.table().peers().stream()
                            .filter(p -> p.isConnected())
                            .count();
            long expected = living().stream()
                    .flatMap(conmgr -> conmgr.links().stream())
                    .filter(link -> link.instance() == instance)
                    .count();
            oracle.requireAtTheEnd(connected == expected, instance.name() + " has " + connected + " conmgrs connected");
        }
    }
}
