package io.github.pgconmgr.testkit.sim;

import io.github.pgconmgr.time.NanoClock;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * Simulated time: a queue of things to happen. It starts shortly before the counter wraps around, so that no run gets by
 * with comparing two moments by {@code <}.
 *
 * <p>Confined to the test's thread.
 */
public final class SimTime implements NanoClock {

    private record Event(long at, long order, Runnable action) {}

    private static final long START = Long.MAX_VALUE - 30_000_000_000L;

    private final PriorityQueue<Event> queue = new PriorityQueue<>(
            Comparator.<Event>comparingLong(e -> e.at - START).thenComparingLong(e -> e.order));
    private final RandomGenerator random;
    private long now = START;
    private long count;

    /**
     * @param random decides everything that is left to chance; hand over one made from the seed
     */
    public SimTime(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** Nanoseconds since the simulation began; never wraps. */
    public long sinceStart() {
        return now - START;
    }

    /** The source of chance. */
    public RandomGenerator random() {
        return random;
    }

    /** A moment at most {@code maxNanos} away. */
    public long upTo(long maxNanos) {
        return maxNanos <= 0 ? 0 : random.nextLong(maxNanos);
    }

    /** Runs {@code action} after {@code delayNanos}; events of one moment run in the order in which they were made. */
    public void after(long delayNanos, Runnable action) {
        queue.add(new Event(now + Math.max(0, delayNanos), count++, action));
    }

    /** Runs the next event. Returns false if there is none. */
    public boolean step() {
        Event event = queue.poll();
        if (event == null) {
            return false;
        }
        now = event.at;
        event.action.run();
        return true;
    }
}
