package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.LsnWish;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One {@code connect}: walks along the host list, conmgrs and instances mixed, until one gives a connection (A1).
 *
 * <p>Confined to the thread that connects. Whatever fails leaves no socket behind.
 */
final class HostWalk {

    private final ConmgrUrl url;
    private final ConnectLimits limits;
    private final Watcher watcher;
    private final NanoClock clock;
    private final StageTwo stageTwo;
    private final ConnectFailures failures = new ConnectFailures();
    private final Set<HostPort> unreachable = new HashSet<>();

    HostWalk(ConmgrUrl url, ConnectLimits limits, Watcher watcher, NanoClock clock) {
        this.url = url;
        this.limits = limits;
        this.watcher = watcher;
        this.clock = clock;
        this.stageTwo = new StageTwo(url, limits, clock);
    }

    /**
     * The first connection that can be had.
     *
     * @throws SQLException why each host failed
     */
    Connection connect() throws SQLException {
        for (TargetServerType.Walk walk : url.target().walks(url.hosts().size())) {
            for (HostPort host : url.hosts()) {
                if (unreachable.contains(host)) {
                    continue;
                }
                if (limits.login().hasPassed(clock.nanoTime())) {
                    failures.add(host, new SQLException("loginTimeout has passed", SqlStates.UNABLE_TO_CONNECT));
                    throw failures.toException();
                }
                Connection connection = tryHost(host, walk);
                if (connection != null) {
                    return connection;
                }
            }
        }
        throw failures.toException();
    }

    private @Nullable Connection tryHost(HostPort host, TargetServerType.Walk walk) {
        Deadline deadline = limits.forHost(clock.nanoTime());
        StageOneResult found;
        try {
            LsnWish wish = url.minLsn().wish(walk.patient() ? HostQuestion.waitMillis(deadline, clock) : 0);
            found = HostQuestion.ask(host, request(walk.ask(), wish), deadline, clock);
        } catch (IOException | MalformedMessageException e) {
            unreachable.add(host);
            failures.add(
                    host,
                    new SQLException("cannot connect to " + host + ": " + text(e), SqlStates.UNABLE_TO_CONNECT, e));
            return null;
        }
        try {
            return stageTwo(host, found, walk.check(), deadline);
        } catch (SQLException e) {
            failures.add(host, e);
            return null;
        }
    }

    private RedirectRequest request(TargetAttribute wanted, LsnWish wish) {
        return HostQuestion.request(wanted, wish, HostQuestion.application(url.properties()));
    }

    private Connection stageTwo(HostPort host, StageOneResult found, String check, Deadline deadline)
            throws SQLException {
        if (found instanceof StageOneResult.Redirected redirected) {
            return toNamedInstance(host, redirected, check, deadline);
        }
        if (found instanceof StageOneResult.OrdinaryServer server) {
            if (url.minLsn().isSet()) {
                throw new SQLException(host + " " + MinLsn.NO_CONMGR, SqlStates.UNABLE_TO_CONNECT);
            }
            InetSocketAddress address = new InetSocketAddress(server.address(), host.port());
            InstanceSockets sockets = InstanceSockets.unwatched(address, deadline, stageTwo.socketSettings());
            return stageTwo.connect(host, check, sockets, deadline);
        }
        StageOneResult.Refused refused = (StageOneResult.Refused) found;
        throw new SQLException("conmgr at " + host + ": " + refused.message(), refusalState(refused));
    }

    private static String refusalState(StageOneResult.Refused refused) {
        return refused.sqlState().length() == 5 ? refused.sqlState() : SqlStates.UNABLE_TO_CONNECT;
    }

    private Connection toNamedInstance(
            HostPort conmgr, StageOneResult.Redirected redirected, String check, Deadline deadline)
            throws SQLException {
        HostPort instance =
                new HostPort(redirected.host(), redirected.instance().port());
        Watch watch = new Watch(redirected.label(), redirected.channel(), watcher::onChannelClosed);
        boolean done = false;
        try {
            redirected.channel().configureBlocking(false);
            watcher.watch(watch);
            InetSocketAddress address = new InetSocketAddress(redirected.address(), instance.port());
            InstanceSockets sockets = InstanceSockets.watched(address, watch, deadline, stageTwo.socketSettings());
            Connection connection = stageTwo.connect(instance, check, sockets, deadline);
            done = watch.onConnected();
            if (!done) {
                throw new SQLException(text(watch), SqlStates.UNABLE_TO_CONNECT);
            }
            return connection;
        } catch (IOException e) {
            throw new SQLException("cannot watch the conmgr at " + conmgr, SqlStates.UNABLE_TO_CONNECT, e);
        } finally {
            if (!done) {
                watch.release();
            }
        }
    }

    private static String text(Watch watch) {
        String reason = watch.reason();
        return reason == null ? "the connection was closed while it was made" : reason;
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
