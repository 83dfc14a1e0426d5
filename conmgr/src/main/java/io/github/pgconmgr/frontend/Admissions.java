package io.github.pgconmgr.frontend;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** All connections of applications, counted. Shared: guarded by nothing but atomic counts. */
final class Admissions implements Admission {

    private final Log log;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<@Nullable Runnable> onEmpty = new AtomicReference<>();
    private volatile ConnectionLimit limit = ConnectionLimit.NONE;
    private volatile IntSupplier relayServers = () -> 0;
    private volatile IntSupplier promisedServers = () -> 0;

    Admissions(Log log) {
        this.log = log;
    }

    /** Who comes from now on is refused over it; who is there stays. */
    void setLimit(ConnectionLimit next) {
        limit = next;
    }

    /**
     * Connections to instances use descriptors as well.
     *
     * @param servers how many the relay has
     * @param promised how many it must be able to have for the clients that are there: nobody is let in on their descriptors
     */
    void countServers(IntSupplier servers, IntSupplier promised) {
        relayServers = servers;
        promisedServers = promised;
    }

    int count() {
        return count.get();
    }

    /** Whether descriptors are left for one more connection to an instance. */
    boolean hasRoom() {
        return count.get() + relayServers.getAsInt() < limit.room();
    }

    /** C6: no message to the client, a line in the log. */
    @Override
    public boolean enter(InetSocketAddress peer) {
        ConnectionLimit most = limit;
        int before = count.getAndIncrement();
        if (before < most.most() && before + promisedServers.getAsInt() < most.room()) {
            return true;
        }
        leave();
        log.write(Message.CLIENT_OVER_LIMIT, "client " + NetUtil.toSocketAddressString(peer), most.reason());
        return false;
    }

    @Override
    public void leave() {
        if (count.decrementAndGet() == 0) {
            tellEmpty();
        }
    }

    @Override
    public void onFailure(InetSocketAddress listener, String reason) {
        log.write(Message.ACCEPT_FAILED, "listener " + NetUtil.toSocketAddressString(listener), reason);
    }

    /** Runs the action once, as soon as nobody is left, on whichever thread sees that. */
    void whenEmpty(Runnable action) {
        onEmpty.set(action);
        if (count.get() == 0) {
            tellEmpty();
        }
    }

    private void tellEmpty() {
        Runnable action = onEmpty.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }
}
