package io.github.pgconmgr.topology;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far the standbys of a snapshot are behind its primary, by the LSNs of the last heartbeats (ADR 8): what the primary has written
 * less what the standby has replayed. A primary that is DOWN counts with what it last said. Immutable.
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
     * history. Where no primary was heard, none is.
     *
     * @param limitBytes {@link RoutingConfig#NO_LAG_LIMIT} for none
     */
    public boolean exceeds(InstanceState standby, long limitBytes) {
        InstanceState ahead = primary;
        if (limitBytes == RoutingConfig.NO_LAG_LIMIT || ahead == null || !standby.inRecovery()) {
            return false;
        }
        return Integer.compareUnsigned(standby.timeline(), ahead.timeline()) < 0
                || bytes(standby).orElse(0) > limitBytes;
    }
}
