package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;

/**
 * A socket that is told to connect to a conmgr and connects to the instance that the conmgr names (T1, T2); to an ordinary
 * server it connects as any other socket does.
 *
 * <p>Shared as every socket: one thread may close it while another waits in it.
 */
final class ConmgrSocket extends WatchedSocket {

    private final ConmgrSocketFactory factory;
    private final NanoClock clock;

    ConmgrSocket(ConmgrSocketFactory factory, NanoClock clock) {
        this.factory = factory;
        this.clock = clock;
    }

    /** Both stages; the limit counts them together (T3). */
    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        if (!(endpoint instanceof InetSocketAddress host) || host.isUnresolved()) {
            // An unknown name, or a SOCKS proxy that is to resolve it: not ours to judge.
            super.connect(endpoint, timeoutMillis);
            return;
        }
        long nowNanos = clock.nanoTime();
        long limitNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Deadline deadline = Deadline.after(nowNanos, limitNanos);
        // pgjdbc's limit is for the whole host list: a conmgr that hangs must leave some to the next host.
        Route route = factory.routeFor(this, host, Deadline.after(nowNanos, limitNanos / 2));
        try {
            super.connect(route.address(), deadline.socketMillis(clock));
        } catch (ConnectException e) {
            throw explained(new ConnectException(route.label() + ": " + e.getMessage()), e);
        } catch (SocketException e) {
            throw explained(new SocketException(reason(route, e)), e);
        }
    }

    private static String reason(Route route, SocketException e) {
        Watch watch = route.watch();
        String reason = watch == null ? null : watch.reason();
        return reason == null ? route.label() + ": " + e.getMessage() : reason;
    }

    private static <E extends IOException> E explained(E explained, IOException cause) {
        explained.initCause(cause);
        return explained;
    }
}
