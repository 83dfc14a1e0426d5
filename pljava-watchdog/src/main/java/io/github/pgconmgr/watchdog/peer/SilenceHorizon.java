package io.github.pgconmgr.watchdog.peer;

import java.util.Collection;
import java.util.OptionalLong;

/**
 * Up to when surely no peer is silent, so that the table need not look at all of them in each turn: with thousands of peers there are thousands
 * of turns a second. A frame only moves its peer's horizon away; who comes, or gets other settings, is {@linkplain #include included}.
 *
 * <p>Confined to the peer table's thread.
 */
final class SilenceHorizon {

    /** No deadline can be earlier, whatever becomes of allowances, of GRACE and of a former timeout. */
    private final Earliest possible = new Earliest();

    /** The earliest deadline as it was at the last look. */
    private final Earliest exact = new Earliest();

    private long lookedNanos;

    void include(Peer peer) {
        possible.include(peer.earliestDeadlineNanos());
        exact.include(peer.deadlineNanos());
    }

    /** Whether a deadline may be reached: then look at each. */
    boolean isReached(long nowNanos) {
        return possible.isReached(nowNanos);
    }

    /** Begins anew, once it is reached. */
    void look(long nowNanos, Collection<Peer> peers) {
        lookedNanos = nowNanos;
        possible.clear();
        exact.clear();
        peers.forEach(this::include);
    }

    /** When to look again: strictly later than a deadline a peer is silent. */
    OptionalLong nextNanos() {
        OptionalLong next = possible.isReached(lookedNanos) ? exact.get() : possible.get();
        return next.isPresent() ? OptionalLong.of(next.getAsLong() + 1) : next;
    }
}
