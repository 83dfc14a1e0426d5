package io.github.pgconmgr.frontend;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.routing.Route;
import io.github.pgconmgr.routing.Router;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.topology.TopologySnapshot;
import io.github.pgconmgr.wire.WireText;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectProtocol;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;

/**
 * Answers drivers' questions from what the topology knows already; nobody is probed (T2).
 *
 * <p>Confined to the frontend loop; the waiting room's {@link WaitingRoom#isOccupied} is for any thread.
 */
final class StageOne {

    /**
     * What to say, and by which knowledge. Immutable.
     *
     * @param generation of the snapshot
     * @param postmasterStartMicros of the chosen instance; 0 with a refusal
     */
    record Decision(RedirectAnswer answer, long generation, long postmasterStartMicros, long nowNanos) {}

    private final Topology topology;
    private final SessionRegistry sessions;
    private final NanoClock clock;
    private final WaitingRoom room = new WaitingRoom();
    private RoutingConfig routing = RoutingConfig.DEFAULT;
    private long cursor;

    StageOne(Topology topology, SessionRegistry sessions, NanoClock clock) {
        this.topology = topology;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Holds for the decisions and the waits that begin from now on. */
    void configure(RoutingConfig next) {
        routing = next;
        onTopologyChanged();
    }

    RoutingConfig routing() {
        return routing;
    }

    WaitingRoom room() {
        return room;
    }

    /** Looks at the newest snapshot for those who wait. */
    void onTopologyChanged() {
        room.onChange(this::isServed);
    }

    /** Whether somebody fits now. */
    boolean isServed(TargetAttribute target) {
        return Router.isServed(question(target));
    }

    private Router.Question question(TargetAttribute target) {
        return new Router.Question(topology.snapshot(), target, routing.maxStandbyLagBytes(), clock.nanoTime());
    }

    /** Routes one request by the newest snapshot. */
    Decision decide(RedirectRequest request) {
        Router.Question question = question(request.target());
        TopologySnapshot snapshot = question.snapshot();
        long nowNanos = question.nowNanos();
        Route route = Router.choose(question, sessions::sessionsOf, cursor++);
        if (route instanceof Route.Chosen chosen) {
            RedirectAnswer answer = instance(chosen);
            long postmasterStart = chosen.facts().postmasterStartMicros();
            return new Decision(answer, snapshot.generation(), postmasterStart, nowNanos);
        }
        Route.Refused refused = (Route.Refused) route;
        String text = WireText.fit(refused.text(), RedirectProtocol.MAX_MESSAGE_BYTES);
        return new Decision(new RedirectAnswer.Refusal(refused.sqlState(), text), snapshot.generation(), 0, nowNanos);
    }

    private static RedirectAnswer instance(Route.Chosen chosen) {
        InstanceView view = chosen.instance();
        return new RedirectAnswer.Instance(
                view.number(),
                view.config().backendPort(),
                view.config().displayHost(),
                chosen.facts().hostaddr(),
                view.attribute());
    }
}
