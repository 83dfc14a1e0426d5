package io.github.pgconmgr.routing;

import io.github.pgconmgr.config.LagLimit;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.topology.Fence;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Replayed;
import io.github.pgconmgr.topology.Seconds;
import io.github.pgconmgr.topology.StandbyLag;
import io.github.pgconmgr.topology.TopologySnapshot;
import io.github.pgconmgr.wire.Lsn;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an instance: among those that take connections and have the wanted attribute (in libpq's sense, A8) the ones with the
 * fewest sessions, round robin among equals (T7). Stateless, pure.
 */
public final class Router {

    /** "sqlclient unable to establish sqlconnection": makes a driver go on to its next host (A1). */
    public static final String NO_INSTANCE = "08001";

    private Router() {}

    /**
     * What a decision is made by. Immutable.
     *
     * @param minLsn what a standby must have replayed, unsigned; 0 for nothing (ADR 11)
     * @param maxStandbyLag see {@link RoutingConfig}
     * @param nowNanos for the ages in a refusal's text; the clock of the snapshot
     */
    public record Question(
            TopologySnapshot snapshot, TargetAttribute target, long minLsn, LagLimit maxStandbyLag, long nowNanos) {}

    /**
     * Decides.
     *
     * @param sessionsOf sessions that this conmgr has sent to an instance number and that still stand
     * @param cursor any number that grows by one with each call: turns the choice among equals
     */
    public static Route choose(Question question, IntUnaryOperator sessionsOf, long cursor) {
        List<Route.Chosen> fitting = fitting(question);
        return fitting.isEmpty()
                ? new Route.Refused(NO_INSTANCE, explain(question))
                : choose(fitting, sessionsOf, cursor);
    }

    /** Decides between those that {@link #fitting fit}, at least one. */
    public static Route.Chosen choose(List<Route.Chosen> fitting, IntUnaryOperator sessionsOf, long cursor) {
        if (fitting.size() == 1) {
            return fitting.get(0);
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

    /**
     * Up to which {@code minLsn} somebody would be chosen, unsigned; that of the question does not count. Empty if nobody would for
     * any.
     */
    public static OptionalLong reach(Question question) {
        Replayed replayed = Replayed.in(question.snapshot);
        boolean anyWillDo = question.target == TargetAttribute.PREFER_STANDBY;
        return close(question)
                .filter(route -> anyWillDo || fits(route.facts().state(), question.target))
                .mapToLong(route -> replayed.upTo(route.facts().state()))
                .reduce((a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b);
    }

    /** Among whom is chosen; the same for the same snapshot, unless a lag is limited in time. */
    public static List<Route.Chosen> fitting(Question question) {
        Replayed replayed = Replayed.in(question.snapshot);
        List<Route.Chosen> able = close(question)
                .filter(route -> replayed.reaches(route.facts().state(), question.minLsn))
                .toList();
        List<Route.Chosen> fitting = able.stream()
                .filter(route -> fits(route.facts().state(), question.target))
                .toList();
        return fitting.isEmpty() && question.target == TargetAttribute.PREFER_STANDBY ? able : fitting;
    }

    /** Those that take connections, and are close enough behind for who asks. */
    private static Stream<Route.Chosen> close(Question question) {
        StandbyLag lag = heedsLag(question) ? StandbyLag.in(question.snapshot) : null;
        return question.snapshot.instances().stream()
                .filter(InstanceView::takesConnections)
                .flatMap(view -> {
                    InstanceFacts facts = view.facts();
                    return facts == null || isTooFarBehind(view, facts, lag, question)
                            ? Stream.<Route.Chosen>empty()
                            : Stream.of(new Route.Chosen(view, facts));
                });
    }

    private static boolean heedsLag(Question question) {
        return question.maxStandbyLag.kind() != LagLimit.Kind.OFF && question.target != TargetAttribute.ANY;
    }

    private static boolean isTooFarBehind(
            InstanceView view, InstanceFacts facts, @Nullable StandbyLag lag, Question question) {
        return lag != null && lag.exceeds(view, facts, question.maxStandbyLag, question.nowNanos);
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

    private static String explain(Question question) {
        StandbyLag lag = heedsLag(question) ? StandbyLag.in(question.snapshot) : null;
        return question.snapshot.instances().stream()
                .map(view -> "instance " + view.number() + " " + whyNot(view, lag, question) + remark(view))
                .collect(Collectors.joining(
                        ", ",
                        "no instance with target_session_attrs \"" + question.target.word() + "\" is known: ",
                        ""));
    }

    private static String remark(InstanceView view) {
        return view.remark().isEmpty() ? "" : " (" + view.remark() + ")";
    }

    private static String whyNot(InstanceView view, @Nullable StandbyLag lag, Question question) {
        String age = Seconds.text(question.nowNanos - view.sinceNanos());
        return switch (view.liveness()) {
            case UNKNOWN -> "has not answered yet";
            case SUSPECT -> "has been suspect for " + age + " (" + view.reason() + ")";
            case DOWN -> "has been down for " + age + " (" + view.reason() + ")";
            case ALIVE -> whyNotAlive(view, lag, question);
        };
    }

    private static String whyNotAlive(InstanceView view, @Nullable StandbyLag lag, Question question) {
        InstanceFacts facts = view.facts();
        if (view.fence() != Fence.NONE) {
            return "is " + view.fence().text();
        }
        if (facts != null && facts.state().stopping()) {
            return "is shutting down";
        }
        if (facts != null && lag != null && isTooFarBehind(view, facts, lag, question)) {
            return "is a standby " + lag.reason(view, facts, question.maxStandbyLag, question.nowNanos);
        }
        Replayed replayed = Replayed.in(question.snapshot);
        if (facts != null && !replayed.reaches(facts.state(), question.minLsn)) {
            return replayed.isOnOlderTimeline(facts.state())
                    ? "is a standby on an older timeline than the newest one seen, and an LSN is wanted"
                    : "is a standby that has replayed " + Lsn.text(facts.state().lsn()) + ", not yet "
                            + Lsn.text(question.minLsn);
        }
        boolean readOnlyPrimary =
                facts != null && !facts.state().inRecovery() && facts.state().readOnly();
        return "is a " + (readOnlyPrimary ? "read-only " : "") + view.attribute();
    }
}
