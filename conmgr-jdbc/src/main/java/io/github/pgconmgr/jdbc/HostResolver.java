package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves a name of the host list within a time limit. The JDK offers no limit for it, so it is done on a thread that can be
 * left behind; that one ends by itself with the resolver's own limits. Immutable, stateless.
 */
final class HostResolver {

    /** conmgr's usual host. It stands in the hosts file; a thread for it would take longer than conmgr's answer. */
    private static final String LOCALHOST = "localhost";

    private HostResolver() {}

    /**
     * All addresses of a name, in the resolver's order. Blocks at most until the deadline.
     *
     * @throws UnknownHostException if there is none
     * @throws SocketTimeoutException if the deadline passed first
     */
    static InetAddress[] resolve(String host, Deadline deadline, NanoClock clock) throws IOException {
        if (!deadline.isLimited() || isLiteral(host) || LOCALHOST.equalsIgnoreCase(host)) {
            return InetAddress.getAllByName(host);
        }
        FutureTask<InetAddress[]> lookUp = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread thread = new Thread(null, lookUp, "conmgr-resolver", 0, false);
        thread.setDaemon(true);
        thread.start();
        try {
            return lookUp.get(deadline.socketMillis(clock), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("the name was not resolved within the time limit");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the name was resolved");
        } catch (ExecutionException e) {
            UnknownHostException unknown = new UnknownHostException(host);
            unknown.initCause(e.getCause());
            throw unknown;
        }
    }

    private static boolean isLiteral(String host) {
        return host.isEmpty() || host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
