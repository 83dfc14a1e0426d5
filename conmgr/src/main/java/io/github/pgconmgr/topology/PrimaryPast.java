package io.github.pgconmgr.topology;

import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.OptionalLong;

/**
 * When the primary had written how much, as far back as a limit in time needs it: so a standby's lag is a time by conmgr's own clock
 * alone (ADR 8). Every doubt makes a standby older, never younger.
 *
 * <p>Confined to the heartbeat loop.
 */
final class PrimaryPast {

    /** So many moments are kept of a time as long as the limit; the gaps between them make the answer that much older. */
    private static final int MOMENTS = 64;

    /**
     * Immutable.
     *
     * @param nanos the primary had written no more than this when it was asked at this time, or later
     */
    private record Moment(long nanos, long lsn) {}

    /** The oldest first. */
    private final Deque<Moment> moments = new ArrayDeque<>();

    private int timeline;
    private long keepNanos;

    /** From now on; 0 keeps nothing. */
    void keep(long nanos) {
        keepNanos = nanos;
        if (nanos == 0) {
            moments.clear();
        }
    }

    /**
     * What the primary has written.
     *
     * @param askedNanos when it was asked for this
     */
    void observe(InstanceState primary, long askedNanos) {
        Moment last = moments.peekLast();
        boolean otherHistory =
                primary.timeline() != timeline || (last != null && Long.compareUnsigned(primary.lsn(), last.lsn) < 0);
        if (otherHistory) {
            moments.clear();
            timeline = primary.timeline();
            last = null;
        }
        if (keepNanos == 0 || (last != null && askedNanos - last.nanos <= 0)) {
            return;
        }
        // Of one LSN the latest moment counts; of moments that are close together, the newer one.
        if (last != null && (last.lsn == primary.lsn() || isCloseToTheOneBefore(askedNanos))) {
            moments.removeLast();
        }
        moments.addLast(new Moment(askedNanos, primary.lsn()));
        while (askedNanos - moments.getFirst().nanos > 2 * keepNanos) {
            moments.removeFirst();
        }
    }

    private boolean isCloseToTheOneBefore(long nanos) {
        Iterator<Moment> newestFirst = moments.descendingIterator();
        newestFirst.next();
        return newestFirst.hasNext() && nanos - newestFirst.next().nanos < keepNanos / MOMENTS;
    }

    /**
     * The latest time at which the primary had written no more than this standby has replayed: what it shows is not older. Empty if
     * there is no saying, or it is longer ago than the limit.
     */
    OptionalLong caughtUpNanos(InstanceState standby) {
        if (standby.inRecovery() && standby.timeline() == timeline) {
            Iterator<Moment> newestFirst = moments.descendingIterator();
            while (newestFirst.hasNext()) {
                Moment moment = newestFirst.next();
                if (Long.compareUnsigned(moment.lsn, standby.lsn()) <= 0) {
                    return OptionalLong.of(moment.nanos);
                }
            }
        }
        return OptionalLong.empty();
    }
}
