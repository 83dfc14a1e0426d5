package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.ErrorResponse;
import java.util.Comparator;
import java.util.List;

/**
 * Clients that prove themselves to the server, end to end, and have not done so yet. Each holds a worker, as the server has to be asked. So
 * strangers could hold all of them up to {@code client_login_timeout}; that is why they must hurry while others wait. Stateless.
 *
 * <p>Confined to the relay's loop.
 */
final class UnprovenClients {

    /** A login may take so long, whoever waits. A server that is asked for a password answers within milliseconds. */
    static final long GRACE_NANOS = 2_000_000_000L;

    private static final ErrorResponse TOO_SLOW = new ErrorResponse(
            WorkerQueue.TOO_MANY, "sorry, too many clients already, and this one has taken too long to log in");

    private UnprovenClients() {}

    /** Ends so many of them, the slowest first, as others wait. */
    static void makeWay(RelayCore core, int waiting, long nowNanos) {
        if (waiting == 0) {
            return;
        }
        List<Traffic> slow = core.servers().stream()
                .filter(server -> server.user() instanceof Traffic traffic
                        && traffic.isProving()
                        && nowNanos - server.openedNanos() >= GRACE_NANOS)
                .sorted(Comparator.comparingLong(ServerSession::id))
                .limit(waiting)
                .map(server -> (Traffic) server.user())
                .toList();
        slow.forEach(traffic -> traffic.refuse(TOO_SLOW, nowNanos));
    }
}
