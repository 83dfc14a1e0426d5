package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.ErrorResponse;
import java.nio.ByteBuffer;

/**
 * The pool as a server connection's user: nothing is asked, so nothing but a changed parameter may come. Whatever else comes ends the
 * connection: it would be taken for an answer to the next client.
 *
 * <p>Confined to the relay's loop; one for each server connection.
 */
final class Shelved implements ServerUser {

    private final RelayCore core;
    private final ServerSession server;
    private boolean unexpected;

    Shelved(RelayCore core, ServerSession server) {
        this.core = core;
        this.server = server;
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        return type == 'S';
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        if (type == 'S') {
            server.parameters().onStatus(buffer, from, to, true);
        } else {
            unexpected |= type != 'N';
        }
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        unexpected = true;
    }

    @Override
    public void onChunkEnd(long nowNanos) {
        if (unexpected) {
            server.onLost("the instance spoke unasked", nowNanos);
        }
    }

    @Override
    public void onServerEnded(ErrorResponse last, long nowNanos) {
        core.workers().forget(server);
    }
}
