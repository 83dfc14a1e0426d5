package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.Admission;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets everybody in, and counts. Shared: an atomic count. */
final class OpenDoor implements Admission {

    final AtomicInteger inside = new AtomicInteger();

    @Override
    public boolean enter(InetSocketAddress peer) {
        inside.incrementAndGet();
        return true;
    }

    @Override
    public void leave() {
        inside.decrementAndGet();
    }

    @Override
    public void onFailure(InetSocketAddress listener, String reason) {
        throw new AssertionError(reason);
    }
}
