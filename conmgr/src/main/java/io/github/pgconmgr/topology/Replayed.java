package io.github.pgconmgr.topology;

import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.util.stream.Stream;

/**
 * What each instance of a snapshot is known to have replayed (ADR 11). A primary has everything: what it has not is nowhere. Of a
 * standby it is the LSN that it last told, which it can only have passed since; one on an older timeline than another instance
 * has shown may have left the common history, so its LSN counts for nothing. Immutable.
 */
public final class Replayed {

    /** Of a primary; the highest LSN, unsigned. */
    public static final long EVERYTHING = -1;

    private final int newestTimeline;

    private Replayed(int newestTimeline) {
        this.newestTimeline = newestTimeline;
    }

    /** Looks for the newest timeline: of all that are not fenced, whether they are up or not. */
    public static Replayed in(TopologySnapshot snapshot) {
        return new Replayed(snapshot.instances().stream()
                .filter(view -> !view.fence().lasts())
                .flatMap(view -> Stream.ofNullable(view.facts()))
                .map(facts -> facts.state().timeline())
                .max(Integer::compareUnsigned)
                .orElse(0));
    }

    /** All up to this LSN is there, unsigned; 0 if there is no saying. */
    public long upTo(InstanceState state) {
        if (!state.inRecovery()) {
            return EVERYTHING;
        }
        return isOnOlderTimeline(state) ? 0 : state.lsn();
    }

    /** Whether its LSN counts for nothing. */
    public boolean isOnOlderTimeline(InstanceState state) {
        return Integer.compareUnsigned(state.timeline(), newestTimeline) < 0;
    }

    /** Whether it has replayed that LSN, unsigned; 0 has everybody. */
    public boolean reaches(InstanceState state, long lsn) {
        return Long.compareUnsigned(upTo(state), lsn) >= 0;
    }
}
