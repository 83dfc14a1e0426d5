package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.LagLimit;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.routing.Route;
import io.github.pgconmgr.routing.Router;
import io.github.pgconmgr.topology.TopologySnapshot;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Where the core meets topology and routing: which instance a client's server connection goes to, and how many go to each. Confined to the
 * relay's loop.
 */
final class InstanceChoice {

    /** An instance, or why there is none. Immutable. */
    sealed interface Choice {}

    /**
     * That one.
     *
     * @param snapshot by which it was chosen
     */
    record Instance(int number, InetSocketAddress address, TopologySnapshot snapshot) implements Choice {

        /** Whether a loss that this snapshot shows concerns who was sent there by this choice. */
        boolean isOlderThan(long generation) {
            return snapshot.generation() < generation;
        }
    }

    /** None, as the router says it. */
    record None(String sqlState, String text) implements Choice {}

    /**
     * Among whom is chosen. Immutable.
     *
     * @param generation of the snapshot
     * @param instances of the routes, in their order
     */
    private record Fitting(long generation, List<Route.Chosen> routes, List<Instance> instances) {}

    private final Supplier<TopologySnapshot> snapshots;
    /** By the instance's number: asked and changed with each transaction. */
    private int[] inUse = new int[8];

    /** Worked out once per snapshot. */
    private final Map<TargetAttribute, Fitting> fitting = new EnumMap<>(TargetAttribute.class);

    private RoutingConfig routing;
    private long cursor;

    InstanceChoice(Supplier<TopologySnapshot> snapshots, RoutingConfig routing) {
        this.snapshots = snapshots;
        this.routing = routing;
    }

    /** Holds for the choices from now on. */
    void configure(RoutingConfig next) {
        routing = next;
        fitting.clear();
    }

    RoutingConfig routing() {
        return routing;
    }

    /** Chooses by the newest snapshot. */
    Choice choose(TargetAttribute target, long nowNanos) {
        TopologySnapshot snapshot = snapshots.get();
        Fitting known = fitting.get(target);
        if (known == null || known.generation != snapshot.generation() || grows()) {
            known = fitting(question(snapshot, target, nowNanos));
            fitting.put(target, known);
        }
        if (known.routes.isEmpty()) {
            Router.Question question = question(snapshot, target, nowNanos);
            return none((Route.Refused) Router.choose(question, this::inUse, cursor));
        }
        Route.Chosen chosen = Router.choose(known.routes, this::inUse, cursor++);
        return known.instances.get(known.routes.indexOf(chosen));
    }

    /** A lag in time does, without a new snapshot. */
    private boolean grows() {
        return routing.maxStandbyLag().kind() == LagLimit.Kind.TIME;
    }

    private Router.Question question(TopologySnapshot snapshot, TargetAttribute target, long nowNanos) {
        return new Router.Question(snapshot, target, 0, routing.maxStandbyLag(), nowNanos);
    }

    private static None none(Route.Refused refused) {
        return new None(refused.sqlState(), refused.text());
    }

    private static Fitting fitting(Router.Question question) {
        TopologySnapshot snapshot = question.snapshot();
        List<Route.Chosen> routes = Router.fitting(question);
        return new Fitting(
                snapshot.generation(),
                routes,
                routes.stream().map(route -> instance(route, snapshot)).toList());
    }

    private static Instance instance(Route.Chosen chosen, TopologySnapshot snapshot) {
        InetSocketAddress address = new InetSocketAddress(
                numeric(chosen.facts().hostaddr()), chosen.instance().config().backendPort());
        return new Instance(chosen.instance().number(), address, snapshot);
    }

    /** Whether nothing at all has changed since that choice: it would fit again. */
    boolean isCurrent(Instance instance) {
        return instance.snapshot.generation() == snapshots.get().generation();
    }

    int inUse(int instance) {
        return instance < inUse.length ? inUse[instance] : 0;
    }

    /** A server connection is somebody's from now on. */
    void begin(int instance) {
        if (instance >= inUse.length) {
            inUse = Arrays.copyOf(inUse, instance + 1);
        }
        inUse[instance]++;
    }

    /** It is nobody's any more. */
    void end(int instance) {
        inUse[instance]--;
    }

    /** The heartbeat's own address, so nobody is asked for it. */
    private static InetAddress numeric(String hostaddr) {
        try {
            return InetAddress.getByName(hostaddr);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not a numeric address: " + hostaddr, e);
        }
    }
}
