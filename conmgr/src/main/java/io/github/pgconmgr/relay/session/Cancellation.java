package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A cancel request on its way to an instance, on a connection of its own, as PostgreSQL wants it. Until that has ended, nobody else may have
 * the server connection: the cancel would hit the wrong one. Nor is the connection of who asks closed before: PQcancel takes its end for the
 * server's word that the cancel has been done, and the client's next statement must not be hit either.
 *
 * <p>Confined to the relay's loop; ends when the server closes, or after 2 s.
 */
final class Cancellation implements Network.Dialled, ConnectionEvents {

    static final long LIMIT_NANOS = 2_000_000_000L;

    private final ServerSession server;
    private final CancelRequest request;
    private final ClientSession asker;
    private final Network.Timer limit;
    private @Nullable Connection connection;
    private boolean over;

    private Cancellation(RelayCore core, ServerSession server, CancelRequest request, ClientSession asker) {
        this.server = server;
        this.request = request;
        this.asker = asker;
        this.limit = core.network().after(LIMIT_NANOS, this::onLimit);
    }

    /** Begins to cancel what the server is doing for its client; lets the asker go at its end. */
    static void begin(RelayCore core, ServerSession server, CancelRequest request, ClientSession asker) {
        Cancellation begun = new Cancellation(core, server, request, asker);
        server.beginCancel();
        core.network().dial(server.instance().address(), LIMIT_NANOS, begun);
    }

    @Override
    public ConnectionEvents onConnected(Connection established, long nowNanos) {
        if (over) {
            established.abort();
        } else {
            connection = established;
            established.write(request.encode());
        }
        return this;
    }

    @Override
    public void onFailed(String reason, long nowNanos) {
        end(nowNanos);
    }

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        // A server does not answer.
    }

    @Override
    public void onWritable(long nowNanos) {
        // Nothing more is written.
    }

    @Override
    public void onClosed(String reason, long nowNanos) {
        end(nowNanos);
    }

    private void onLimit(long nowNanos) {
        end(nowNanos);
        if (connection != null) {
            connection.abort();
        }
    }

    private void end(long nowNanos) {
        if (!over) {
            over = true;
            limit.cancel();
            server.endCancel();
            asker.leave(nowNanos);
            server.lookAgain(nowNanos);
        }
    }
}
