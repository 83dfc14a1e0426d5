package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.LsnWish;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * For applications that must keep {@code jdbc:postgresql:} in their URL but can add a parameter to it (T1):
 *
 * <pre>
 * jdbc:postgresql://localhost:27546/shop?targetServerType=primary&amp;socketFactory=io.github.pgconmgr.jdbc.ConmgrSocketFactory
 * </pre>
 *
 * <p>pgjdbc makes one for each connection and keeps it for that connection's cancel requests, which so find the same instance.
 *
 * <p>Shared: pgjdbc may cancel from another thread than the one that connects; the routes are in a concurrent map.
 */
public final class ConmgrSocketFactory extends UnconnectedSocketFactory {

    /** Not 0: with that pgjdbc still believes what it has learnt within the same millisecond. */
    private static final String NO_RECHECK = "-1";

    private final Properties properties;
    private final Watcher watcher = ConmgrDriver.watcher();
    private final NanoClock clock = NanoClock.SYSTEM;
    private final ConcurrentMap<HostPort, Route> routes = new ConcurrentHashMap<>();
    private volatile @Nullable String latestInstanceHost;

    /**
     * Called by pgjdbc with the properties of one connection, before it reads those two that mean something else on the way
     * through a conmgr. {@code hostRecheckSeconds} becomes -1, as pgjdbc would remember one instance's role for the conmgr's own.
     * {@code sslhostnameverifier}, unless the application has one, becomes {@link ConmgrHostnameVerifier}.
     */
    public ConmgrSocketFactory(Properties properties) {
        super("this factory makes pgjdbc's sockets, which are connected later");
        this.properties = properties;
        properties.setProperty(PGProperty.HOST_RECHECK_SECONDS.getName(), NO_RECHECK);
        String verifier = PGProperty.SSL_HOSTNAME_VERIFIER.getName();
        if (properties.getProperty(verifier) == null) {
            properties.setProperty(verifier, ConmgrHostnameVerifier.class.getName());
            // Where the verifier finds us; whoever reads properties as strings does not see it.
            properties.put(ConmgrHostnameVerifier.FACTORY_KEY, this);
        }
    }

    /** An unconnected socket that asks its way when it is told to connect. */
    @Override
    public Socket createSocket() {
        return new ConmgrSocket(this, clock);
    }

    /** The name for TLS of what the last socket was led to; null for an ordinary server, or none yet. */
    @Nullable
    String latestInstanceHost() {
        return latestInstanceHost;
    }

    /**
     * Where an entry of the host list leads. Asks at the first socket to it; the later ones of the same connection, which are
     * cancel requests, go the same way. Blocks until the deadline.
     *
     * @throws IOException if nobody answers, or conmgr has no such instance, or has told that the instance is gone
     */
    Route routeFor(ConmgrSocket socket, InetSocketAddress endpoint, Deadline deadline) throws IOException {
        HostPort host = new HostPort(endpoint.getHostString(), endpoint.getPort());
        Route known = routes.get(host);
        Route route = known == null || known.isOver() ? ask(host, deadline) : known;
        Watch watch = route.watch();
        if (watch != null) {
            socket.watchBy(watch);
            watch.add(socket);
            if (watch.state() == WatchState.CONNECTING) {
                // Nobody tells us when the log-in is done, so the first socket's end is the end of both.
                startWatching(watch);
            }
        }
        routes.put(host, route);
        latestInstanceHost = route.instanceHost();
        return route;
    }

    private void startWatching(Watch watch) throws IOException {
        boolean done = false;
        try {
            watch.onConnected();
            watch.channel().configureBlocking(false);
            watcher.watch(watch);
            done = true;
        } finally {
            if (!done) {
                watch.release();
            }
        }
    }

    private Route ask(HostPort host, Deadline deadline) throws IOException {
        try {
            LsnWish wish = minLsn().wish(HostQuestion.waitMillis(deadline, clock));
            RedirectRequest request = HostQuestion.request(wanted().ask(), wish, application());
            return route(host, HostQuestion.ask(host, request, deadline, clock));
        } catch (MalformedMessageException | SocketTimeoutException e) {
            throw new IOException("cannot connect to " + host + ": " + e.getMessage(), e);
        }
    }

    private Route route(HostPort host, StageOneResult found) throws IOException {
        if (found instanceof StageOneResult.Refused refused) {
            throw new IOException("conmgr at " + host + ": " + refused.message());
        }
        if (found instanceof StageOneResult.OrdinaryServer server) {
            if (minLsn().isSet()) {
                throw new IOException(host + " " + MinLsn.NO_CONMGR);
            }
            return new Route(new InetSocketAddress(server.address(), host.port()), host.toString(), null, null);
        }
        StageOneResult.Redirected redirected = (StageOneResult.Redirected) found;
        InetSocketAddress address = new InetSocketAddress(
                redirected.address(), redirected.instance().port());
        Watch watch = new Watch(redirected.label(), redirected.channel(), watcher::onChannelClosed);
        return new Route(address, redirected.label(), redirected.host(), watch);
    }

    /** pgjdbc walks along its host list by itself and checks what it finds, so a preference asks each host for the better. */
    private TargetServerType.Walk wanted() throws IOException {
        String word = PGProperty.TARGET_SERVER_TYPE.getOrDefault(properties);
        try {
            return TargetServerType.of(word == null ? "any" : word).walks(1).get(0);
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private MinLsn minLsn() throws IOException {
        try {
            return MinLsn.of(properties.getProperty(MinLsn.PROPERTY));
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private @Nullable String application() {
        return HostQuestion.application(properties);
    }
}
