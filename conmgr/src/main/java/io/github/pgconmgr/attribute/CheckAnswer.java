package io.github.pgconmgr.attribute;

import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.wire.heartbeat.InstanceState;

/**
 * What an instance answered to one check. Immutable.
 *
 * @param facts with the address that was asked and the time of the round trip; the state's {@code readOnly} is
 *     transaction_read_only, so it is always set on a standby
 * @param timelineHidden whether a standby receives WAL on a timeline that the role may not see
 */
public record CheckAnswer(InstanceFacts facts, boolean timelineHidden) implements CheckResult {

    InstanceState state() {
        return facts.state();
    }

    /** The same, with the time that it took. */
    CheckAnswer after(long roundTripMicros) {
        return new CheckAnswer(facts.withRoundTrip(roundTripMicros), timelineHidden);
    }

    /** The same, as the answer to a question of that time. */
    CheckAnswer askedAt(long nanos) {
        return new CheckAnswer(facts.askedAt(nanos), timelineHidden);
    }

    /** The same on another timeline. */
    CheckAnswer onTimeline(int timeline) {
        InstanceState old = facts.state();
        InstanceState moved = new InstanceState(old.inRecovery(), old.readOnly(), old.stopping(), timeline, old.lsn());
        return new CheckAnswer(facts.withState(moved), timelineHidden);
    }
}
