package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.auth.ServerAuthentication;
import io.github.pgconmgr.relay.auth.ServerStep;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * conmgr logs in at a server, as one that has proven who it is. A refusal of the server's goes to the client as it is: only the server knows
 * why. Confined to the relay's loop; ends with the first ReadyForQuery.
 */
final class ServerLogin {

    private final ServerSession server;
    private final ServerAuthentication authentication;
    private boolean done;
    private @Nullable ByteBuffer refusal;

    ServerLogin(ServerSession server, ServerAuthentication authentication) {
        this.server = server;
        this.authentication = authentication;
    }

    boolean isDone() {
        return done;
    }

    /** An ErrorResponse, ready to be read from; null if there is none. */
    @Nullable
    ByteBuffer refusal() {
        return refusal;
    }

    void onMessage(int type, ByteBuffer buffer, int from, int to) {
        if (refusal != null) {
            return;
        }
        switch (type) {
            case 'R' -> onRequest(buffer, from, to);
            case 'S' -> server.parameters().onStatus(buffer, from, to, false);
            case 'K' -> server.setCancelKey(CancelRequest.ofBackendKeyData(buffer, from, to));
            case 'Z' -> done = true;
            case 'E' -> refusal = copy(buffer, from, to);
            case 'N' -> {}
            default -> fail("the instance answered the login with a message of type " + (type & 0xff));
        }
    }

    private void onRequest(ByteBuffer buffer, int from, int to) {
        ServerStep step = authentication.onRequest(copy(buffer, from + MessageScanner.HEADER_BYTES, to));
        if (step instanceof ServerStep.Say say) {
            server.connection().write(say.message());
        } else if (step instanceof ServerStep.Failed failed) {
            fail("could not log in at the instance: " + failed.reason());
        }
    }

    private void fail(String reason) {
        refusal = new ErrorResponse(RelayCore.CONNECTION_FAILURE, reason).encode();
    }

    private static ByteBuffer copy(ByteBuffer buffer, int from, int to) {
        byte[] bytes = new byte[to - from];
        buffer.get(from, bytes);
        return ByteBuffer.wrap(bytes);
    }
}
