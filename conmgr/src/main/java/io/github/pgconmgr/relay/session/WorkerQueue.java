package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.config.PoolMode;
import io.github.pgconmgr.relay.pool.WaitingLine;
import io.github.pgconmgr.relay.pool.Worker;
import io.github.pgconmgr.relay.pool.Workers;

/** Who waits for a worker, and who gets the one that becomes free (P4). Confined to the relay's loop. */
final class WorkerQueue {

    /** PostgreSQL's too_many_connections. */
    static final String TOO_MANY = "53300";

    private final Workers workers;
    private final WaitingLine<Placement> line;
    private final int reserved;
    private final Doors doors;
    private boolean serving;
    private boolean full;

    WorkerQueue(PoolConfig config, Workers workers, Doors doors) {
        this.doors = doors;
        this.workers = workers;
        this.reserved = config.reservedWorkers();
        // In transaction mode those who wait are clients already: there are no more of them than connections.
        this.line = new WaitingLine<>(config.mode() == PoolMode.SESSION ? config.maxWaiting() : Integer.MAX_VALUE);
    }

    /** Whether a new client may have a worker, or wait for one: {@code reserved_connections} are to stay free. */
    boolean mayTake() {
        return reserved == 0 || workers.idle() > reserved;
    }

    /** False if so many wait already that it is refused. */
    boolean join(Placement waiter) {
        boolean joined = line.join(waiter);
        tellDoors();
        return joined;
    }

    /** While the line is full, who comes on the relay's own ports waits outside. */
    private void tellDoors() {
        if (line.isFull() != full) {
            full = line.isFull();
            doors.pause(full);
        }
    }

    /** How many wait. */
    int waiting() {
        return line.size();
    }

    /** It waits no more; nothing if it did not. */
    void leave(Placement waiter) {
        if (line.size() > 0) {
            line.leave(waiter);
            tellDoors();
        }
    }

    /** A worker is free: the next one who waits gets it. */
    void release(Worker worker, long nowNanos) {
        workers.release(worker, nowNanos);
        if (!serving) {
            serving = true;
            serve(nowNanos);
            serving = false;
        }
    }

    /** Who is served may be done at once, and release again: that must not nest as deep as the line is long. */
    private void serve(long nowNanos) {
        while (workers.idle() > 0) {
            Placement next = line.next();
            if (next == null) {
                return;
            }
            tellDoors();
            next.proceedSafely(nowNanos);
        }
    }
}
