package io.github.pgconmgr.topology;

import io.github.pgconmgr.config.InstanceConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps connections away from instances that would split the data (ADR 8): a primary below the highest timeline ever seen, a
 * second primary on the same timeline, a foreign system identifier. The primary known first keeps its claim when it is down: it
 * may be alive for others. It loses it when it is seen as a standby or when a newer timeline appears. A primary gets its first
 * connection when the record of its claim is kept.
 *
 * <p>Confined to the heartbeat loop.
 */
final class Fencing {

    private @Nullable TimelineRecord seen;
    private @Nullable TimelineRecord kept;

    /**
     * @param remembered of an earlier run; null if there was none. The claim of an instance that is not in the list any more is
     *     void
     */
    Fencing(@Nullable TimelineRecord remembered, List<InstanceConfig> instances) {
        boolean known =
                remembered == null || instances.stream().anyMatch(i -> nameOf(i).equals(remembered.primary()));
        seen = known || remembered == null ? remembered : remembered.withPrimary("");
        kept = remembered;
    }

    /** All that is known; null as long as nothing is. */
    @Nullable
    TimelineRecord seen() {
        return seen;
    }

    /** That record outlives the process from now on, or has no hope to. */
    void onKept(@Nullable TimelineRecord record) {
        kept = record;
    }

    /** Knows nothing any more. */
    void forget() {
        seen = null;
        kept = null;
    }

    /** Learns from an instance; only what one that is ALIVE says counts. */
    void observe(InstanceView view) {
        InstanceFacts facts = view.facts();
        if (view.liveness() != Liveness.ALIVE || facts == null) {
            return;
        }
        TimelineRecord known = seen == null ? new TimelineRecord(facts.systemIdentifier(), 0, "") : seen;
        if (facts.systemIdentifier() != known.systemIdentifier()) {
            return;
        }
        int timeline = facts.state().timeline();
        if (Integer.compareUnsigned(timeline, known.timeline()) > 0) {
            known = new TimelineRecord(facts.systemIdentifier(), timeline, "");
        }
        seen = withClaim(known, nameOf(view.config()), facts);
    }

    private static TimelineRecord withClaim(TimelineRecord known, String name, InstanceFacts facts) {
        if (facts.state().inRecovery()) {
            return known.primary().equals(name) ? known.withPrimary("") : known;
        }
        boolean free = known.primary().isEmpty() && facts.state().timeline() == known.timeline();
        return free ? known.withPrimary(name) : known;
    }

    /** The judgement, by all that was observed. */
    Fence judge(InstanceView view) {
        InstanceFacts facts = view.facts();
        TimelineRecord known = seen;
        if (facts == null || known == null) {
            return Fence.NONE;
        }
        if (facts.systemIdentifier() != known.systemIdentifier()) {
            return Fence.FOREIGN;
        }
        return facts.state().inRecovery() ? Fence.NONE : judgePrimary(nameOf(view.config()), facts, known);
    }

    private Fence judgePrimary(String name, InstanceFacts facts, TimelineRecord known) {
        int order = Integer.compareUnsigned(facts.state().timeline(), known.timeline());
        if (order < 0) {
            return Fence.STALE;
        }
        // Newer than all that is known: forgotten while it was not ALIVE, and learnt again when it is.
        if (order > 0 || known.primary().isEmpty()) {
            return Fence.NONE;
        }
        if (!known.primary().equals(name)) {
            return Fence.SECOND_PRIMARY;
        }
        return known.equals(kept) ? Fence.NONE : Fence.UNRECORDED;
    }

    /** The judgement with its numbers, for the log. */
    String explain(InstanceView view, Fence fence) {
        InstanceFacts facts = view.facts();
        TimelineRecord known = seen;
        if (facts == null || known == null) {
            return fence.text();
        }
        String timeline = Integer.toUnsignedString(facts.state().timeline());
        return switch (fence) {
            case NONE, UNRECORDED -> fence.text();
            case STALE ->
                "it is a primary on timeline " + timeline + ", but timeline "
                        + Integer.toUnsignedString(known.timeline()) + " has been seen";
            case SECOND_PRIMARY ->
                "it is a primary on timeline " + timeline + ", but " + known.primary()
                        + " was known first as the primary of that timeline";
            case FOREIGN ->
                "its system identifier is " + Long.toUnsignedString(facts.systemIdentifier()) + ", that of the set is "
                        + Long.toUnsignedString(known.systemIdentifier());
        };
    }

    /** Outlives a renumbering of conmgr.conf, which the instance number does not. */
    private static String nameOf(InstanceConfig config) {
        return config.displayHost() + ":" + config.backendPort();
    }
}
