package io.github.pgconmgr.routing;

import io.github.pgconmgr.topology.Fence;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Seconds;
import io.github.pgconmgr.topology.TopologySnapshot;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses an instance: among those that take connections and have the wanted attribute (in libpq's sense, A8) the ones with the
 * fewest sessions, round robin among equals (T7). Stateless, pure.
 */
public final class Router {

    /** "sqlclient unable to establish sqlconnection": makes a driver go on to its next host (A1). */
    public static final String NO_INSTANCE = "08001";

    private Router() {}

    /**
     * Decides.
     *
     * @param sessionsOf sessions that this conmgr has sent to an instance number and that still stand
     * @param cursor any number that grows by one with each call: turns the choice among equals
     * @param nowNanos for the ages in a refusal's text; the clock of the snapshot
     */
    public static Route choose(
            TopologySnapshot snapshot,
            TargetAttribute target,
            IntUnaryOperator sessionsOf,
            long cursor,
            long nowNanos) {
        List<Route.Chosen> fitting = fitting(snapshot, target);
        if (fitting.isEmpty() && target == TargetAttribute.PREFER_STANDBY) {
            fitting = fitting(snapshot, TargetAttribute.ANY);
        }
        if (fitting.isEmpty()) {
            return new Route.Refused(NO_INSTANCE, explain(snapshot, target, nowNanos));
        }
        int fewest = fitting.stream()
                .mapToInt(route -> sessionsOf.applyAsInt(route.instance().number()))
                .min()
                .orElse(0);
        List<Route.Chosen> equals = fitting.stream()
                .filter(route -> sessionsOf.applyAsInt(route.instance().number()) == fewest)
                .toList();
        return equals.get(Math.floorMod(cursor, equals.size()));
    }

    private static List<Route.Chosen> fitting(TopologySnapshot snapshot, TargetAttribute target) {
        return snapshot.instances().stream()
                .filter(InstanceView::takesConnections)
                .flatMap(view -> {
                    InstanceFacts facts = view.facts();
                    return facts != null && fits(facts.state(), target)
                            ? Stream.of(new Route.Chosen(view, facts))
                            : Stream.<Route.Chosen>empty();
                })
                .toList();
    }

    private static boolean fits(InstanceState state, TargetAttribute target) {
        boolean writable = !state.inRecovery() && !state.readOnly();
        return switch (target) {
            case ANY -> true;
            case READ_WRITE -> writable;
            case READ_ONLY -> !writable;
            case PRIMARY -> !state.inRecovery();
            case STANDBY, PREFER_STANDBY -> state.inRecovery();
        };
    }

    private static String explain(TopologySnapshot snapshot, TargetAttribute target, long nowNanos) {
        return snapshot.instances().stream()
                .map(view -> "instance " + view.number() + " " + whyNot(view, nowNanos))
                .collect(Collectors.joining(
                        ", ", "no instance with target_session_attrs \"" + target.word() + "\" is known: ", ""));
    }

    private static String whyNot(InstanceView view, long nowNanos) {
        String age = Seconds.text(nowNanos - view.sinceNanos());
        return switch (view.liveness()) {
            case UNKNOWN -> "has not answered yet";
            case SUSPECT -> "has been suspect for " + age + " (" + view.reason() + ")";
            case DOWN -> "has been down for " + age + " (" + view.reason() + ")";
            case ALIVE -> whyNotAlive(view);
        };
    }

    private static String whyNotAlive(InstanceView view) {
        InstanceFacts facts = view.facts();
        if (view.fence() != Fence.NONE) {
            return "is " + view.fence().text();
        }
        if (facts != null && facts.state().stopping()) {
            return "is shutting down";
        }
        boolean readOnlyPrimary =
                facts != null && !facts.state().inRecovery() && facts.state().readOnly();
        return "is a " + (readOnlyPrimary ? "read-only " : "") + view.attribute();
    }
}
