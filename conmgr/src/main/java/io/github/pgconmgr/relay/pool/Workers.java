package io.github.pgconmgr.relay.pool;

import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.config.PoolMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The workers and their caches: who serves a client, which server connection is kept, and what is dropped when (P1 to P3, P6, P8, P9).
 * In transaction mode all workers share one cache, and the limits of one worker's hold for all of them together.
 *
 * <p>Confined to the relay's loop.
 */
public final class Workers {

    /** Why a worker's cached connections go with it. */
    static final String CHILD_LIFE_TIME = "child_life_time";

    static final String CHILD_MAX_CONNECTIONS = "child_max_connections";
    static final String CONNECTION_LIFE_TIME = "connection_life_time";
    static final String SERVER_IDLE_TIMEOUT = "server_idle_timeout";
    static final String MAX_POOL = "max_pool";
    static final String OPEN_FILES = "the limit of open files";

    private final PoolConfig config;
    private final Worker[] workers;
    private final @Nullable Shelf shared;
    private int idle;

    /** All idle, with nothing cached. */
    public Workers(PoolConfig config, long nowNanos) {
        this.config = config;
        this.shared = config.mode() == PoolMode.TRANSACTION ? new Shelf() : null;
        this.workers = new Worker[config.workers()];
        this.idle = workers.length;
        for (int number = 0; number < workers.length; number++) {
            workers[number] = fresh(number, nowNanos);
        }
    }

    private Worker fresh(int number, long nowNanos) {
        return new Worker(number, shared == null ? new Shelf() : shared, nowNanos);
    }

    /** How many serve nobody. */
    public int idle() {
        return idle;
    }

    /** All of them, by number. */
    public List<Worker> all() {
        return List.of(workers);
    }

    /**
     * An idle worker, busy from now on: of those that have a cached connection of that key the one that was used last, as its server
     * process is the warmest and its reset may wait for the next client still; else one with room for another, else the one that has been
     * idle for longest.
     *
     * @param key null if the connection will not be kept
     * @return null if all are busy
     */
    public @Nullable Worker take(@Nullable PoolKey key, long nowNanos) {
        Worker best = null;
        int bestRank = Integer.MAX_VALUE;
        for (Worker worker : workers) {
            if (worker.isBusy()) {
                continue;
            }
            int rank = rank(worker, key);
            if (rank == 0 && shared != null) {
                best = worker;
                break;
            }
            if (rank < bestRank || (rank == bestRank && best != null && isBetter(worker, best, rank))) {
                best = worker;
                bestRank = rank;
            }
        }
        if (best != null) {
            best.begin(nowNanos);
            idle--;
        }
        return best;
    }

    private static boolean isBetter(Worker worker, Worker best, int rank) {
        long laterNanos = worker.sinceNanos() - best.sinceNanos();
        return rank == 0 ? laterNanos > 0 : laterNanos < 0;
    }

    private int rank(Worker worker, @Nullable PoolKey key) {
        if (shared != null || (key != null && worker.shelf().has(key))) {
            return 0;
        }
        return worker.shelf().size() < config.maxPool() ? 1 : 2;
    }

    /** A cached connection for a busy worker's client; null if there is none. */
    public @Nullable Pooled takeCached(Worker worker, PoolKey key) {
        return worker.shelf().take(key);
    }

    /** A busy worker is about to open one more server connection: the oldest cached one goes, if there is no room (P3). */
    public void makeRoom(Worker worker, long nowNanos) {
        int most = shared == null ? config.maxPool() : config.maxPool() * workers.length;
        int attachedElsewhere = shared == null ? 0 : workers.length - idle - 1;
        while (worker.shelf().size() > 0 && worker.shelf().size() + attachedElsewhere + 1 > most) {
            worker.shelf().dropOldest(MAX_POOL, nowNanos);
        }
    }

    /** No descriptor is left for one more connection: a cached one of anybody's goes, the oldest of its worker. False if there is none. */
    public boolean dropOne(long nowNanos) {
        for (Worker worker : workers) {
            if (worker.shelf().size() > 0) {
                worker.shelf().dropOldest(OPEN_FILES, nowNanos);
                return true;
            }
        }
        return false;
    }

    /** The connection that a busy worker used is free and clean; it is kept. The worker is to be released next. */
    public void keep(Worker worker, Pooled pooled, long nowNanos) {
        worker.shelf().put(pooled, nowNanos);
    }

    /** A cached connection that ended by itself. */
    public void forget(Pooled pooled) {
        for (Worker worker : workers) {
            if (worker.shelf().remove(pooled)) {
                return;
            }
        }
    }

    /** The client is gone. A worker that has served enough is replaced, its cached connections go (P8). */
    public void release(Worker worker, long nowNanos) {
        worker.end(nowNanos);
        idle++;
        int most = config.childMaxConnections();
        if (most > 0 && worker.served() >= most) {
            replace(worker, CHILD_MAX_CONNECTIONS, nowNanos);
        }
    }

    private void replace(Worker worker, String reason, long nowNanos) {
        workers[worker.number()] = fresh(worker.number(), nowNanos);
        if (shared == null) {
            worker.shelf().dropIf(pooled -> true, reason, nowNanos);
        }
    }

    /** Drops what is too old (P6, P9). To be called every second or so. */
    public void onTick(long nowNanos) {
        long childLife = config.times().childLifeNanos();
        if (childLife > 0) {
            endIdle(childLife, nowNanos);
        }
        for (Worker worker : workers) {
            if (config.times().connectionLifeNanos() > 0) {
                worker.shelf().dropOld(config.times().connectionLifeNanos(), CONNECTION_LIFE_TIME, nowNanos);
            }
            if (config.times().serverIdleNanos() > 0) {
                worker.shelf().dropIdle(config.times().serverIdleNanos(), SERVER_IDLE_TIMEOUT, nowNanos);
            }
        }
    }

    /** In transaction mode no worker owns a connection: there the ones that nobody has used for that long go. */
    private void endIdle(long childLife, long nowNanos) {
        for (Worker worker : workers) {
            if (!worker.isBusy() && worker.served() > 0 && nowNanos - worker.sinceNanos() >= childLife) {
                replace(worker, CHILD_LIFE_TIME, nowNanos);
            }
        }
        if (shared != null) {
            shared.dropIdle(childLife, CHILD_LIFE_TIME, nowNanos);
        }
    }

    /** Whether a connection that was opened then is too old to be kept (P9). */
    public boolean isTooOld(long openedNanos, long nowNanos) {
        long limit = config.times().connectionLifeNanos();
        return limit > 0 && nowNanos - openedNanos >= limit;
    }

    /** Drops cached connections, those of a lost instance for one. */
    public void dropIf(Predicate<Pooled> condition, String reason, long nowNanos) {
        for (Worker worker : workers) {
            worker.shelf().dropIf(condition, reason, nowNanos);
        }
    }

    /** All cached connections, in no particular order. */
    public List<Pooled> cached() {
        List<Pooled> all = new ArrayList<>();
        if (shared != null) {
            shared.forEach(all::add);
        } else {
            for (Worker worker : workers) {
                worker.shelf().forEach(all::add);
            }
        }
        return all;
    }
}
