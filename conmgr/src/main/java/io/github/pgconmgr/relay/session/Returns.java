package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.pool.Worker;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What becomes of a server connection whose client is done with it: closed, reset and kept, or kept with its reset still due (P10, ADR 9).
 *
 * <p>Confined to the relay's loop.
 */
final class Returns {

    /** A reset waits so long for the next client's first bytes to go out with: locks, LISTEN and temporary tables do not. */
    static final long LAZY_NANOS = 5_000_000L;

    /** A reset that takes longer ends the connection. */
    static final long RESET_LIMIT_NANOS = 5_000_000_000L;

    private final RelayCore core;
    private final Deque<ServerSession> due = new ArrayDeque<>();
    private boolean timerRuns;

    Returns(RelayCore core) {
        this.core = core;
    }

    /**
     * The client is done with the connection; the worker is free afterwards, at once or after a reset.
     *
     * @param left how
     */
    void giveBack(ServerSession server, Worker worker, Left left, long nowNanos) {
        if (left == Left.UNKNOWN || !mayKeep(server, nowNanos)) {
            server.close(nowNanos);
            core.queue().release(worker, nowNanos);
            return;
        }
        ResetQueries queries = core.resetQueries();
        boolean mayWait = queries.lazy() && !server.parameters().isChanged();
        if (left == Left.UNTOUCHED || (left == Left.CLEAN && (mayWait || queries.outsideCount() == 0))) {
            server.move(ServerState.Event.LEFT_CLEAN);
            if (left == Left.CLEAN && queries.outsideCount() > 0) {
                setDue(server);
            }
            shelve(server, worker, nowNanos);
        } else {
            resetNow(server, worker, queries, left == Left.IN_TRANSACTION, nowNanos);
        }
    }

    private boolean mayKeep(ServerSession server, long nowNanos) {
        return server.isPoolable()
                && !server.isEnded()
                && !server.isBeingCancelled()
                && !server.reset().hasFailed()
                && !core.workers().isTooOld(server.openedNanos(), nowNanos)
                && !core.isStopping();
    }

    private void resetNow(
            ServerSession server, Worker worker, ResetQueries queries, boolean inTransaction, long nowNanos) {
        server.move(ServerState.Event.LEFT_UNCLEAN);
        server.use(new Clearing(core, server, worker));
        server.forgetStatements();
        ByteBuffer messages = inTransaction ? queries.inTransaction() : queries.outside();
        server.reset().onSent(inTransaction ? queries.inTransactionCount() : queries.outsideCount(), nowNanos);
        server.connection().write(messages.duplicate());
    }

    /** Into the cache; the worker is free. */
    void shelve(ServerSession server, Worker worker, long nowNanos) {
        server.use(server.shelved());
        core.workers().keep(worker, server, nowNanos);
        core.queue().release(worker, nowNanos);
    }

    private void setDue(ServerSession server) {
        server.reset().setDue();
        due.add(server);
        if (!timerRuns) {
            timerRuns = true;
            core.network().after(LAZY_NANOS, this::onTimer);
        }
    }

    /** All that became due up to now: some have not waited for the whole time, which nobody minds. */
    private void onTimer(long nowNanos) {
        timerRuns = false;
        for (ServerSession server = due.poll(); server != null; server = due.poll()) {
            if (server.reset().isDue() && !server.isEnded()) {
                ResetQueries queries = core.resetQueries();
                server.reset().onSent(queries.outsideCount(), nowNanos);
                server.connection().write(queries.outside().duplicate());
            }
        }
    }
}
