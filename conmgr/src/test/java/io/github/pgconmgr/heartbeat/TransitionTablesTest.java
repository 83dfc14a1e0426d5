package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.state.TransitionTable;
import io.github.pgconmgr.topology.Liveness;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each pair of state and event is either listed or stands here as one that cannot happen. */
class TransitionTablesTest {

    @Test
    void everyLivenessPairIsListedOrCannotHappen() {
        Set<String> cannotHappen = Set.of(
                // Only a session holder has an old postmaster, a probe, or a link to lose.
                "UNKNOWN NEW_POSTMASTER",
                "UNKNOWN CLOSED",
                "UNKNOWN SILENT",
                "UNKNOWN BACKEND_REFUSED",
                "DOWN NEW_POSTMASTER",
                "DOWN BACKEND_REFUSED",
                // ALIVE means that the link stands: no attempt runs.
                "ALIVE WELCOMED",
                "ALIVE NEW_POSTMASTER",
                "ALIVE ALWAYS_ABNORMAL",
                "ALIVE ATTEMPT_FAILED",
                "ALIVE BACKEND_REFUSED",
                // SUSPECT means that it does not.
                "SUSPECT CLOSED",
                "SUSPECT ALWAYS_ABNORMAL");
        assertEquals(
                new TreeSet<>(cannotHappen),
                unlisted(LivenessTable.TABLE, Liveness.values(), LivenessTable.Event.values()));
    }

    @Test
    void everyLinkPhasePairIsListedOrCannotHappen() {
        Set<String> cannotHappen = Set.of(
                "WAITING CONNECTED",
                "WAITING WELCOMED",
                "WAITING ATTEMPT_FAILED",
                "WAITING LINK_ENDED",
                "CONNECTING ATTEMPT_DUE",
                "CONNECTING WELCOMED",
                "CONNECTING LINK_ENDED",
                "GREETING ATTEMPT_DUE",
                "GREETING CONNECTED",
                "GREETING LINK_ENDED",
                "BEATING ATTEMPT_DUE",
                "BEATING CONNECTED",
                "BEATING WELCOMED",
                "BEATING ATTEMPT_FAILED");
        assertEquals(
                new TreeSet<>(cannotHappen), unlisted(LinkPhase.TABLE, LinkPhase.values(), LinkPhase.Event.values()));
    }

    private static <S extends Enum<S>, E extends Enum<E>> Set<String> unlisted(
            TransitionTable<S, E> table, S[] states, E[] events) {
        Set<String> pairs = new TreeSet<>();
        for (S state : states) {
            for (E event : events) {
                if (!table.allows(state, event)) {
                    pairs.add(state + " " + event);
                }
            }
        }
        return pairs;
    }
}
