package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.pool.Worker;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import java.nio.ByteBuffer;

/** The user of a server connection that is being reset: it sees none of the answers, and holds the worker. Confined to the relay's loop. */
final class Clearing implements ServerUser {

    private final RelayCore core;
    private final ServerSession server;
    private final Worker worker;

    Clearing(RelayCore core, ServerSession server, Worker worker) {
        this.core = core;
        this.server = server;
        this.worker = worker;
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        return false;
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        // Behind the last answer, in the same chunk: nothing that was asked for.
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        // As above.
    }

    @Override
    public void onChunkEnd(long nowNanos) {
        if (!server.reset().isAwaited()) {
            server.move(ServerState.Event.RESET_DONE);
            core.returns().shelve(server, worker, nowNanos);
        }
    }

    @Override
    public void onServerEnded(ErrorResponse last, long nowNanos) {
        core.queue().release(worker, nowNanos);
    }
}
