package io.github.pgconmgr.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a round has shown. Times are milliseconds since the fault, unless they say otherwise. Immutable.
 *
 * @param seconds how long the round took
 * @param detected first DOWN at a conmgr
 * @param judged first DEAD at an instance
 * @param released the dead host's sessions were gone at the instance
 * @param errors of each session that ended: when its application knew
 * @param resumed of each such session: from its error, or from the mending if that came later, to work done again
 * @param states how many sessions ended with each SQLSTATE
 * @param refused attempts to connect that failed, by SQLSTATE
 * @param gaps gaps of heartbeats that reached the timeout, where the scenario counts them
 * @param silences judgements of silence, where the scenario counts gaps
 */
record Outcome(
        List<String> violations,
        double seconds,
        @Nullable Long detected,
        @Nullable Long judged,
        @Nullable Long released,
        List<Long> errors,
        List<Long> resumed,
        Map<String, Integer> states,
        Map<String, Integer> refused,
        @Nullable Long gaps,
        @Nullable Long silences) {

    /** A round that could not be played. */
    static Outcome failed(String violation) {
        List<Long> none = List.of();
        return new Outcome(List.of(violation), 0, null, null, null, none, none, Map.of(), Map.of(), null, null);
    }

    static Outcome of(Round round, long tookNanos) {
        long begin = round.breakNanos();
        Watch watch = round.watch();
        List<Long> errors = new ArrayList<>();
        List<Long> resumed = new ArrayList<>();
        Map<String, Integer> states = new TreeMap<>();
        for (Session session : watch.ledger().sessions()) {
            Session.End end = session.end();
            if (end == null) {
                continue;
            }
            states.merge(end.sqlState(), 1, Integer::sum);
            errors.add(millis(begin, end.nanos()));
            if (session.resumedNanos() != 0) {
                boolean mendedLater =
                        round.mendNanos() - end.nanos() > 0 && session.resumedNanos() - round.mendNanos() > 0;
                resumed.add(millis(mendedLater ? round.mendNanos() : end.nanos(), session.resumedNanos()));
            }
        }
        Map<String, Integer> refused = watch.ledger().refusals().stream()
                .collect(Collectors.toMap(event -> event.detail(0), event -> 1, Integer::sum, TreeMap::new));
        Gaps gaps = round.gaps();
        return new Outcome(
                List.copyOf(round.violations()),
                tookNanos / 1e9,
                since(begin, watch.first(Names.APPLICATIONS, "-> DOWN", begin)),
                since(begin, watch.first(Names.INSTANCES, "-> DEAD", begin)),
                round.releasedNanos() == 0 ? null : millis(begin, round.releasedNanos()),
                errors,
                resumed,
                states,
                refused,
                gaps == null ? null : gaps.reaching(),
                gaps == null ? null : gaps.silences());
    }

    private static @Nullable Long since(long begin, @Nullable Long nanos) {
        return nanos == null ? null : millis(begin, nanos);
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }
}
