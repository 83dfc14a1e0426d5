package io.github.pgconmgr.watchdog.peer;

import java.util.Collection;
import java.util.OptionalLong;

/**
 * When BEATs go out (L2). Those that are due soon go along with what woke the loop anyway, by 1/32 of their interval early at most: so
 * several share one wake-up, and the loop looks at all peers some 64 times per interval at most, however many there are.
 *
 * <p>Confined to the peer table's thread.
 */
final class BeatRounds {

    private final Earliest next = new Earliest();
    private long shortestEarlyNanos = Long.MAX_VALUE;

    void include(PeerLink link) {
        next.include(link.nextBeatNanos());
        shortestEarlyNanos = Math.min(shortestEarlyNanos, link.earlyNanos());
    }

    /** Sends what is due, and what will be soon; half of the time before it is due nobody is looked at, so that some gather. */
    void onTick(long nowNanos, Collection<Peer> peers, InstanceNews news) {
        if (!next.isReached(nowNanos + shortestEarlyNanos / 2)) {
            return;
        }
        next.clear();
        shortestEarlyNanos = Long.MAX_VALUE;
        for (Peer peer : peers) {
            PeerLink link = peer.link();
            if (link != null) {
                if (link.isBeatDue(nowNanos + link.earlyNanos())) {
                    news.beat(nowNanos, link);
                }
                include(link);
            }
        }
    }

    /** When the next is due. */
    OptionalLong nextNanos() {
        return next.get();
    }
}
