package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import io.github.pgconmgr.wire.redirect.LsnWish;
import io.github.pgconmgr.wire.redirect.RedirectProtocol;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Stage 1 on one entry of a host list, at each of its addresses in turn (T1).
 *
 * <p>Immutable, stateless.
 */
final class HostQuestion {

    private HostQuestion() {}

    /**
     * Asks a name's addresses in their order, as libpq does: the conmgr on localhost may listen on one of two. Blocks at most
     * until the deadline, or for stage 1's own limit where there is none.
     *
     * @throws IOException why the first address failed; the others' reasons are suppressed in it
     * @throws MalformedMessageException if the answer is neither conmgr's nor a PostgreSQL server's
     */
    static StageOneResult ask(HostPort host, RedirectRequest request, Deadline hostDeadline, NanoClock clock)
            throws IOException, MalformedMessageException {
        Deadline deadline = ConnectLimits.forStageOne(hostDeadline, clock.nanoTime());
        StageOne stageOne = new StageOne(request, clock);
        IOException first = null;
        for (InetAddress address : HostResolver.resolve(host.host(), deadline, clock)) {
            try {
                return stageOne.ask(address, host.port(), deadline);
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        throw first == null ? new IOException("the name has no address") : first;
    }

    /** What conmgr is told: the attribute, what must have been replayed, and who asks. */
    static RedirectRequest request(TargetAttribute wanted, LsnWish wish, @Nullable String application) {
        Map<String, String> details = new LinkedHashMap<>();
        if (application != null) {
            details.put("application_name", WireText.fit(application, RedirectProtocol.MAX_TEXT_BYTES));
        }
        details.put("pid", Long.toString(ProcessHandle.current().pid()));
        details.put("driver", StageTwo.driverName());
        RedirectRequest request = new RedirectRequest(0, wanted, details);
        return wish.isNone() ? request : request.wishing(wish);
    }

    /** Milliseconds that the answer of a host may take that is asked now; at least 0. */
    static long waitMillis(Deadline hostDeadline, NanoClock clock) {
        long nowNanos = clock.nanoTime();
        long leftNanos = ConnectLimits.forStageOne(hostDeadline, nowNanos).remainingNanos(nowNanos);
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(leftNanos));
    }

    /** {@code ApplicationName}; null if there is none. */
    static @Nullable String application(Properties properties) {
        return PGProperty.APPLICATION_NAME.getOrDefault(properties);
    }
}
