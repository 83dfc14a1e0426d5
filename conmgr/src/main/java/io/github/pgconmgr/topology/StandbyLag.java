package io.github.pgconmgr.topology;

import io.github.pgconmgr.config.LagLimit;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far the standbys of a snapshot are behind its primary (ADR 8). In bytes: what the primary has written less what the standby has
 * replayed, by the last heartbeats; a primary that is DOWN counts with what it last said. In time: as {@link PrimaryPast} has it.
 * Immutable.
 */
public final class StandbyLag {

    private final @Nullable InstanceState primary;

    private StandbyLag(@Nullable InstanceState primary) {
        this.primary = primary;
    }

    /** Looks for the primary: the one that is not fenced. */
    public static StandbyLag in(TopologySnapshot snapshot) {
        return new StandbyLag(snapshot.instances().stream()
                .filter(view -> !view.fence().lasts())
                .flatMap(view -> Stream.ofNullable(view.facts()))
                .map(InstanceFacts::state)
                .filter(state -> !state.inRecovery())
                .max(Comparator.comparing(state -> Integer.toUnsignedLong(state.timeline())))
                .orElse(null));
    }

    /** Bytes; empty if there is no saying: no primary was heard, it is no standby, or it is on another timeline. */
    public OptionalLong bytes(InstanceState standby) {
        InstanceState ahead = primary;
        if (ahead == null || !standby.inRecovery() || standby.timeline() != ahead.timeline()) {
            return OptionalLong.empty();
        }
        boolean behind = Long.compareUnsigned(standby.lsn(), ahead.lsn()) < 0;
        // More than half of all LSNs is more than any limit.
        return OptionalLong.of(behind ? clamp(ahead.lsn() - standby.lsn()) : 0);
    }

    private static long clamp(long unsigned) {
        return unsigned < 0 ? Long.MAX_VALUE : unsigned;
    }

    /**
     * Whether it is a standby that is too far behind. One on an older timeline than the primary's is: it may have left the primary's
     * history. Where no primary was heard, none is by bytes, and all are by time: of those nobody knows it.
     */
    public boolean exceeds(InstanceView view, InstanceFacts facts, LagLimit limit, long nowNanos) {
        InstanceState standby = facts.state();
        InstanceState ahead = primary;
        if (limit.kind() == LagLimit.Kind.OFF || !standby.inRecovery()) {
            return false;
        }
        if (ahead != null && Integer.compareUnsigned(standby.timeline(), ahead.timeline()) < 0) {
            return true;
        }
        if (limit.kind() == LagLimit.Kind.TIME) {
            OptionalLong caughtUp = view.caughtUpNanos();
            return caughtUp.isEmpty() || nowNanos - caughtUp.getAsLong() > limit.amount();
        }
        return bytes(standby).orElse(0) > limit.amount();
    }

    /** Why it was too far behind: what follows "is a standby ". */
    public String reason(InstanceView view, InstanceFacts facts, LagLimit limit, long nowNanos) {
        InstanceState ahead = primary;
        if (ahead != null && Integer.compareUnsigned(facts.state().timeline(), ahead.timeline()) < 0) {
            return "on an older timeline than the primary's, and max_standby_lag is set";
        }
        if (limit.kind() == LagLimit.Kind.TIME) {
            OptionalLong caughtUp = view.caughtUpNanos();
            return caughtUp.isEmpty()
                    ? "that may be further behind than max_standby_lag"
                    : "that may be " + Seconds.text(nowNanos - caughtUp.getAsLong())
                            + " behind, more than max_standby_lag";
        }
        return bytes(facts.state()).orElse(0) + " bytes behind, more than max_standby_lag";
    }
}
