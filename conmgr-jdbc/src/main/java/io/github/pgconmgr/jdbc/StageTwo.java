package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.URLCoder;

/**
 * pgjdbc, connecting to one server by that server's own URL (T2, T6). Gives pgjdbc's own connection, nothing around it.
 *
 * <p>Confined to the thread that connects.
 */
final class StageTwo {

    private static final Driver PGJDBC = new Driver();
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ConmgrUrl url;
    private final ConnectLimits limits;
    private final NanoClock clock;

    StageTwo(ConmgrUrl url, ConnectLimits limits, NanoClock clock) {
        this.url = url;
        this.limits = limits;
        this.clock = clock;
    }

    /** Name and version of the pgjdbc that runs, for {@code cm_ctl status}. */
    static String driverName() {
        return "pgjdbc-" + PGJDBC.getMajorVersion() + "." + PGJDBC.getMinorVersion();
    }

    /** What pgjdbc's own sockets would have been made with. */
    InstanceSockets.SocketSettings socketSettings() throws SQLException {
        long cancelNanos = TimeUnit.SECONDS.toNanos(PGProperty.CANCEL_SIGNAL_TIMEOUT.getInt(url.properties()));
        return new InstanceSockets.SocketSettings(localAddress(), cancelNanos, clock);
    }

    /**
     * Connects. Blocks within the limits.
     *
     * @param server the name for TLS and .pgpass, and the port
     * @param check pgjdbc's {@code targetServerType}
     * @param host the limit of this host
     * @throws SQLException pgjdbc's own
     */
    Connection connect(HostPort server, String check, InstanceSockets sockets, Deadline host) throws SQLException {
        String ticket = InstanceSocketFactory.issueTicket(sockets);
        try {
            Connection connection = PGJDBC.connect(instanceUrl(server), properties(check, ticket, host));
            if (connection == null) {
                throw new SQLException("pgjdbc does not take the URL of " + server, SqlStates.UNABLE_TO_CONNECT);
            }
            sockets.onConnected();
            return connection;
        } catch (SocketTimeoutException e) {
            throw new SQLException("no time is left to connect to " + server, SqlStates.UNABLE_TO_CONNECT, e);
        } finally {
            InstanceSocketFactory.withdrawTicket(ticket);
        }
    }

    private String instanceUrl(HostPort server) {
        String database = url.database();
        return "jdbc:postgresql://" + server + "/" + (database == null ? "" : URLCoder.encode(database));
    }

    private Properties properties(String check, String ticket, Deadline host) throws SocketTimeoutException {
        Properties properties = new Properties();
        properties.putAll(url.properties());
        properties.remove(PGProperty.LOCAL_SOCKET_ADDRESS.getName());
        properties.setProperty(PGProperty.TARGET_SERVER_TYPE.getName(), check);
        properties.setProperty(PGProperty.SOCKET_FACTORY.getName(), InstanceSocketFactory.class.getName());
        properties.setProperty(PGProperty.SOCKET_FACTORY_ARG.getName(), ticket);
        if (limits.login().isLimited()) {
            double seconds = limits.login().socketMillis(clock) / 1000.0;
            properties.setProperty(PGProperty.LOGIN_TIMEOUT.getName(), String.format(Locale.ROOT, "%.3f", seconds));
        }
        if (limits.hostNanos() > 0) {
            // Whole seconds are all that pgjdbc takes; the sockets themselves keep the exact limit.
            host.socketMillis(clock);
            long seconds = (long)
                    Math.ceil(Math.min(host.remainingNanos(clock.nanoTime()), limits.hostNanos()) / NANOS_PER_SECOND);
            properties.setProperty(PGProperty.CONNECT_TIMEOUT.getName(), Long.toString(Math.max(1, seconds)));
        }
        return properties;
    }

    private @Nullable InetAddress localAddress() throws SQLException {
        String local = url.properties().getProperty(PGProperty.LOCAL_SOCKET_ADDRESS.getName());
        try {
            return local == null ? null : InetAddress.getByName(local);
        } catch (UnknownHostException e) {
            throw new SQLException("localSocketAddress is not known", SqlStates.INVALID_PARAMETER, e);
        }
    }
}
