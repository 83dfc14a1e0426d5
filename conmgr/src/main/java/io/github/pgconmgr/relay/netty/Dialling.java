package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.SocketErrors;
import io.github.pgconmgr.relay.io.Network;
import java.io.IOException;

/** A connection that is being made. Confined to the relay's loop; ends when it is known how that came out. */
final class Dialling implements Stream.Events {

    private final RelayNetwork network;
    private final Stream stream;
    private final Network.Dialled dialled;
    private Network.Timer limit = () -> {};
    private boolean over;

    Dialling(RelayNetwork network, Stream stream, Network.Dialled dialled) {
        this.network = network;
        this.stream = stream;
        this.dialled = dialled;
    }

    /**
     * Its outcome is told later.
     *
     * @throws IOException if it cannot be registered; it is closed then
     */
    void begin(long limitNanos) throws IOException {
        try {
            stream.register(this);
            stream.want(false, true);
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
        limit = network.after(limitNanos, lateNanos -> fail("connection timed out"));
    }

    @Override
    public void onReady(boolean readable, boolean writable, boolean hungUp) {
        if (over) {
            return;
        }
        try {
            if (!stream.finishConnect()) {
                return;
            }
        } catch (IOException e) {
            fail(SocketErrors.reason(e));
            return;
        }
        over = true;
        limit.cancel();
        SocketConnection connection = new SocketConnection(network, stream, null, null);
        stream.tell(connection);
        try {
            connection.tell(dialled.onConnected(connection, network.nanoTime()));
        } catch (RuntimeException e) {
            connection.onMistake(e);
            dialled.onFailed(e.toString(), network.nanoTime());
        }
    }

    private void fail(String reason) {
        if (!over) {
            over = true;
            limit.cancel();
            stream.close();
            dialled.onFailed(reason, network.nanoTime());
        }
    }
}
