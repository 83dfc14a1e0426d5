package io.github.pgconmgr.topology;

import org.jspecify.annotations.Nullable;

/**
 * Keeps connections away from instances that would split the data (design.md, "conmgr"): a primary below the highest timeline
 * ever seen, a second primary on the same timeline, a foreign system identifier. The primary known first keeps its claim when it
 * is down: it may be alive for others. It loses it when it is seen as a standby or when a newer timeline appears.
 *
 * <p>Confined to the heartbeat loop. Remembers for the life of the process.
 */
final class Fencing {

    private @Nullable Long systemIdentifier;
    private int highestTimeline;
    private @Nullable Integer primaryNumber;

    /** Learns from an instance; only what one that is ALIVE says counts. */
    void observe(InstanceView view) {
        InstanceFacts facts = view.facts();
        if (view.liveness() != Liveness.ALIVE || facts == null) {
            return;
        }
        if (systemIdentifier == null) {
            systemIdentifier = facts.systemIdentifier();
        }
        if (facts.systemIdentifier() != systemIdentifier) {
            return;
        }
        if (Integer.compareUnsigned(facts.state().timeline(), highestTimeline) > 0) {
            highestTimeline = facts.state().timeline();
            primaryNumber = null;
        }
        observeClaim(view.number(), facts);
    }

    private void observeClaim(int number, InstanceFacts facts) {
        boolean holdsClaim = primaryNumber != null && primaryNumber == number;
        if (facts.state().inRecovery()) {
            primaryNumber = holdsClaim ? null : primaryNumber;
        } else if (primaryNumber == null && facts.state().timeline() == highestTimeline) {
            primaryNumber = number;
        }
    }

    /** The judgement, by all that was observed. */
    Fence judge(InstanceView view) {
        InstanceFacts facts = view.facts();
        if (facts == null || systemIdentifier == null) {
            return Fence.NONE;
        }
        if (facts.systemIdentifier() != systemIdentifier) {
            return Fence.FOREIGN;
        }
        if (facts.state().inRecovery()) {
            return Fence.NONE;
        }
        if (Integer.compareUnsigned(facts.state().timeline(), highestTimeline) < 0) {
            return Fence.STALE;
        }
        return primaryNumber != null && primaryNumber != view.number() ? Fence.SECOND_PRIMARY : Fence.NONE;
    }

    /** The judgement with its numbers, for the log. */
    String explain(InstanceView view, Fence fence) {
        InstanceFacts facts = view.facts();
        if (facts == null) {
            return fence.text();
        }
        String timeline = Integer.toUnsignedString(facts.state().timeline());
        return switch (fence) {
            case NONE -> "";
            case STALE ->
                "it is a primary on timeline " + timeline + ", but timeline "
                        + Integer.toUnsignedString(highestTimeline) + " has been seen";
            case SECOND_PRIMARY ->
                "it is a primary on timeline " + timeline + ", but instance " + primaryNumber
                        + " was known first as the primary of that timeline";
            case FOREIGN ->
                "its system identifier is " + Long.toUnsignedString(facts.systemIdentifier()) + ", that of the set is "
                        + (systemIdentifier == null ? "unknown" : Long.toUnsignedString(systemIdentifier));
        };
    }
}
