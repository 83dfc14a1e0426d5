package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.io.ConnectionEvents;
import java.nio.ByteBuffer;

/** Nobody listens any more to what happens to a connection. Stateless. */
final class Deaf implements ConnectionEvents {

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {}

    @Override
    public void onWritable(long nowNanos) {}

    @Override
    public void onClosed(String reason, long nowNanos) {}
}
