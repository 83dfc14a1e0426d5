package io.github.pgconmgr.bench;

import java.util.ArrayList;
import java.util.List;

/** Our relay beside the direct way, PgBouncer, Pgpool-II and HAProxy, with pgbench. Immutable. */
final class RelayFigure implements Figure {

    private static final int ROUNDS = 5;
    /** A JVM needs about so much until its compilers are done with the way that the loads go. */
    private static final int WARM_SECONDS = 30;

    private final PoolSetup setup;
    private final List<Contender> ways;
    private final List<RelayLoad> loads;

    RelayFigure(PoolSetup setup, List<Contender> ways, List<RelayLoad> loads) {
        this.setup = setup;
        this.ways = ways;
        this.loads = loads;
    }

    @Override
    public List<Outcome> measure() {
        try (Contenders contenders = new Contenders(setup, ways)) {
            List<RelayRounds> rounds = loads.stream()
                    .map(load -> new RelayRounds(contenders, ways, load))
                    .toList();
            for (RelayRounds each : rounds) {
                for (Contender way : ways) {
                    each.warm(way, way == Contender.OURS ? WARM_SECONDS / loads.size() : 1);
                }
            }
            for (int number = 0; number < ROUNDS; number++) {
                for (RelayRounds each : rounds) {
                    each.round(number);
                }
            }
            List<Outcome> outcomes = new ArrayList<>();
            rounds.forEach(each -> outcomes.addAll(each.outcomes()));
            return outcomes;
        }
    }
}
