package io.github.pgconmgr.watchdog.peer;

import java.util.Collection;
import java.util.List;

/**
 * The guard against ourselves: if most peers fall silent at once, the fault is more likely here (death.md; ADR 1, choice 3).
 * Stateless.
 */
final class MassSilence {

    /** Fewer silent peers than this prove nothing about us. */
    static final int FEWEST = 3;

    private MassSilence() {}

    /**
     * Asked when a deadline has passed.
     *
     * @return the peers that missed a beat and whose deadline is at most one interval away, if they are at least {@link #FEWEST}
     *     and more than half of all; else nothing
     */
    static List<Peer> suspects(Collection<Peer> all, long nowNanos) {
        List<Peer> silent =
                all.stream().filter(peer -> isFallingSilent(peer, nowNanos)).toList();
        boolean most = silent.size() >= FEWEST && 2 * silent.size() > all.size();
        return most ? silent : List.of();
    }

    private static boolean isFallingSilent(Peer peer, long nowNanos) {
        return peer.hasMissedBeat(nowNanos)
                && peer.deadlineNanos() - nowNanos <= peer.settings().intervalNanos();
    }
}
