package io.github.pgconmgr.relay.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Clients that wait for a worker, in the order in which they came (P4). Confined to the relay's loop.
 *
 * @param <W> who waits; told apart by identity
 */
public final class WaitingLine<W> {

    private final int limit;
    private final Deque<W> line = new ArrayDeque<>();

    /** One more than that is refused. */
    public WaitingLine(int limit) {
        this.limit = limit;
    }

    /** False if it is full. */
    public boolean join(W waiter) {
        if (line.size() >= limit) {
            return false;
        }
        line.add(waiter);
        return true;
    }

    /** Gives up; nothing if it does not wait. */
    public void leave(W waiter) {
        line.removeIf(other -> other == waiter);
    }

    /** Who is next, out of the line now; null if nobody waits. */
    public @Nullable W next() {
        return line.poll();
    }

    /** How many wait. */
    public int size() {
        return line.size();
    }

    /** One more would be refused. */
    public boolean isFull() {
        return line.size() >= limit;
    }
}
