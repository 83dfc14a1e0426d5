package io.github.pgconmgr.frontend;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.routing.Route;
import io.github.pgconmgr.routing.Router;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.topology.TopologySnapshot;
import io.github.pgconmgr.wire.WireText;
import io.github.pgconmgr.wire.redirect.LsnWish;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectProtocol;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.OptionalLong;

/**
 * Answers drivers' questions from what the topology knows already; nobody is probed (T2).
 *
 * <p>Confined to the frontend loop; the waiting room's {@link WaitingRoom#isOccupied} is for any thread.
 */
final class StageOne {

    /** As the longest route_wait. */
    private static final int MAX_LSN_WAIT_MILLIS = 60_000;

    private static final int MAX_MARGIN_MILLIS = 1000;

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
    private final LsnInterest lsnInterest;
    private final WaitingRoom room = new WaitingRoom();
    private RoutingConfig routing = RoutingConfig.DEFAULT;
    private long cursor;

    StageOne(Topology topology, SessionRegistry sessions, NanoClock clock, LsnInterest lsnInterest) {
        this.topology = topology;
        this.sessions = sessions;
        this.clock = clock;
        this.lsnInterest = lsnInterest;
    }

    /** Holds for the decisions and the waits that begin from now on. */
    void configure(RoutingConfig next) {
        routing = next;
        onTopologyChanged();
    }

    WaitingRoom room() {
        return room;
    }

    /** Looks at the newest snapshot for those who wait. */
    void onTopologyChanged() {
        room.onChange(target -> Router.reach(question(target, 0)));
    }

    /** Whether somebody fits now. */
    boolean isServed(RedirectRequest request) {
        return reaches(request.target(), request.wish().lsn());
    }

    /**
     * How long a request is held that nobody fits, in milliseconds; 0 is not at all. One that somebody would fit but for its LSN
     * is held as long as its driver waits.
     */
    int waitMillis(RedirectRequest request) {
        LsnWish wish = request.wish();
        boolean isBehind = !wish.isNone() && reaches(request.target(), 0);
        return Math.max(routing.routeWaitMillis(), isBehind ? lsnWaitMillis(wish) : 0);
    }

    /** The refusal should arrive while the driver still listens. */
    private static int lsnWaitMillis(LsnWish wish) {
        if (wish.waitMillis() == LsnWish.UNSAID) {
            return MAX_LSN_WAIT_MILLIS;
        }
        int margin = Math.min(wish.waitMillis() / 10, MAX_MARGIN_MILLIS);
        return Math.min(wish.waitMillis() - margin, MAX_LSN_WAIT_MILLIS);
    }

    private boolean reaches(TargetAttribute target, long lsn) {
        OptionalLong reach = Router.reach(question(target, lsn));
        return reach.isPresent() && Long.compareUnsigned(reach.getAsLong(), lsn) >= 0;
    }

    private Router.Question question(TargetAttribute target, long minLsn) {
        return new Router.Question(topology.snapshot(), target, minLsn, routing.maxStandbyLag(), clock.nanoTime());
    }

    /** Routes one request by the newest snapshot. */
    Decision decide(RedirectRequest request) {
        Router.Question question = question(request.target(), request.wish().lsn());
        if (!request.wish().isNone()) {
            lsnInterest.onQuestion(question.nowNanos());
        }
        TopologySnapshot snapshot = question.snapshot();
        long nowNanos = question.nowNanos();
        Route route = Router.choose(question, sessions::sessionsOf, cursor++);
        if (route instanceof Route.Chosen chosen) {
            RedirectAnswer answer =
                    instance(chosen, request.readsPairs() ? request.wish().lsn() : 0);
            long postmasterStart = chosen.facts().postmasterStartMicros();
            return new Decision(answer, snapshot.generation(), postmasterStart, nowNanos);
        }
        Route.Refused refused = (Route.Refused) route;
        String text = WireText.fit(refused.text(), RedirectProtocol.MAX_MESSAGE_BYTES);
        return new Decision(new RedirectAnswer.Refusal(refused.sqlState(), text), snapshot.generation(), 0, nowNanos);
    }

    private static RedirectAnswer instance(Route.Chosen chosen, long heededLsn) {
        InstanceView view = chosen.instance();
        return new RedirectAnswer.Instance(
                view.number(),
                view.config().backendPort(),
                view.config().displayHost(),
                chosen.facts().hostaddr(),
                view.attribute(),
                heededLsn);
    }
}
