package io.github.pgconmgr.config;

import java.util.List;

/**
 * The pool's parameters (P2 to P10). Immutable.
 *
 * @param workers num_init_children
 * @param reservedWorkers reserved_connections; 0 lets clients wait
 * @param maxPool kept server connections of one worker
 * @param cache connection_cache
 * @param maxWaiting listen_backlog_multiplier times the workers: how many clients may wait
 * @param serializeAccept only to be told that it does nothing
 * @param childMaxConnections 0 is no limit
 * @param maxPreparedStatements per server connection in transaction mode; 0 forwards them untouched
 * @param resetQueries reset_query_list, its statements in order, ABORT among them (in any case)
 */
public record PoolConfig(
        PoolMode mode,
        int workers,
        int reservedWorkers,
        int maxPool,
        boolean cache,
        int maxWaiting,
        boolean serializeAccept,
        int childMaxConnections,
        int maxPreparedStatements,
        List<String> resetQueries,
        PoolTimes times) {

    /** As without any parameter. */
    public static final PoolConfig DEFAULT = new PoolConfig(
            PoolMode.SESSION,
            32,
            0,
            4,
            true,
            64,
            false,
            0,
            200,
            List.of(QueryListType.ABORT, "DISCARD ALL"),
            PoolTimes.DEFAULT);

    /** Copies the list. */
    public PoolConfig {
        resetQueries = List.copyOf(resetQueries);
    }

    /** See {@link ConmgrConfig#reloadedFrom}. */
    PoolConfig reloadedFrom(PoolConfig file) {
        return new PoolConfig(
                mode,
                workers,
                reservedWorkers,
                maxPool,
                cache,
                maxWaiting,
                serializeAccept,
                childMaxConnections,
                maxPreparedStatements,
                file.resetQueries,
                times.reloadedFrom(file.times));
    }
}
