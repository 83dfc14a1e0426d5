package io.github.pgconmgr.relay.netty;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Says what it hears, and hears nothing while that cannot go out. Confined to the relay's loop; a test waits for the futures. */
class Echo implements ConnectionEvents {

    final Connection connection;
    final CompletableFuture<Boolean> congested = new CompletableFuture<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();

    Echo(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        connection.write(chunk);
        assertFalse(chunk.hasRemaining());
        if (connection.isCongested()) {
            congested.complete(true);
            connection.pauseReading();
        }
    }

    @Override
    public void onWritable(long nowNanos) {
        connection.resumeReading();
    }

    @Override
    public void onClosed(String reason, long nowNanos) {
        closed.complete(reason);
    }
}
