package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.CheckConninfo;
import io.github.pgconmgr.config.InvalidValueException;
import io.github.pgconmgr.heartbeat.AddressChoice;
import io.github.pgconmgr.time.NanoClock;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * One connection for checks, from its attempt to its end, in blocking steps.
 *
 * <p>Confined to one task at a time, which {@link SqlConnector} runs on the pool; {@link #abort} may be called by any thread.
 */
final class CheckSession {

    private final CheckTarget target;
    private final AddressChoice addresses;
    private final CheckLimits limits;
    private final Driver driver = new Driver();
    private volatile @Nullable Dialer dialer;
    private volatile boolean aborted;
    private String password = "";
    private String hostaddr = "";
    private @Nullable Connection connection;
    private @Nullable CheckQuery query;

    /**
     * @param addresses of the instance; confined as this
     */
    CheckSession(CheckTarget target, AddressChoice addresses, CheckLimits limits) {
        this.target = target;
        this.addresses = addresses;
        this.limits = limits;
    }

    /**
     * Connects and asks for the first time. Blocks, for as long as name resolution and the limits allow.
     *
     * @param tryNext whether a name's next address is taken
     */
    CheckResult open(boolean tryNext) {
        try {
            InetAddress address = addresses.choose(resolve(), tryNext);
            hostaddr = NetUtil.toAddressString(address);
            CheckConninfo conninfo = target.conninfo();
            if (!conninfo.passfile().isEmpty()) {
                password = PassFile.passwordFor(Path.of(conninfo.passfile()), target);
            }
            connection = connect(new Dialer(
                    address, target.instance().backendPort(), conninfo.sslMode(), limits.connectTimeoutMillis()));
            query = new CheckQuery(connection);
        } catch (UnknownHostException e) {
            String name = target.instance().displayHost();
            return new CheckFailure(CheckFailure.Kind.NO_ANSWER, "could not resolve host name \"" + name + "\"");
        } catch (InvalidValueException e) {
            return new CheckFailure(CheckFailure.Kind.NO_ANSWER, e.reason());
        } catch (SQLException e) {
            return failure(e);
        }
        return check();
    }

    /** Asks. Blocks, for the answer timeout at most. */
    CheckResult check() {
        CheckQuery asked = query;
        Dialer dialed = dialer;
        if (asked == null || dialed == null) {
            throw new IllegalStateException("not open");
        }
        try {
            dialed.beginAnswer();
            long startNanos = NanoClock.SYSTEM.nanoTime();
            CheckAnswer answer = asked.ask(hostaddr);
            long micros = TimeUnit.NANOSECONDS.toMicros(NanoClock.SYSTEM.nanoTime() - startNanos);
            return answer.after(micros);
        } catch (DataAccessException | IOException e) {
            return failure(e);
        } catch (RuntimeException e) {
            // A server that is none of PostgreSQL's may answer with what no type of ours fits.
            return new CheckFailure(
                    CheckFailure.Kind.NO_ANSWER,
                    "not understood: " + e.getClass().getSimpleName());
        }
    }

    /** Ends whatever waits for the server. Any thread; does not block. */
    void abort() {
        aborted = true;
        Dialer dialed = dialer;
        if (dialed != null) {
            dialed.abort();
        }
    }

    /** Says goodbye and closes. */
    void close() {
        Connection opened = connection;
        connection = null;
        try {
            if (opened != null) {
                opened.close();
            }
        } catch (SQLException e) {
            // The server notices all the same.
        } finally {
            abort();
        }
    }

    private CheckFailure failure(Exception e) {
        Dialer dialed = dialer;
        return FailureText.of(e, dialed != null && dialed.wasRefused(), password);
    }

    private List<InetAddress> resolve() throws UnknownHostException {
        String numeric = target.instance().hostaddr();
        return numeric.isEmpty()
                ? List.of(InetAddress.getAllByName(target.instance().host()))
                : List.of(InetAddress.getByName(numeric));
    }

    private Connection connect(Dialer own) throws SQLException {
        dialer = own;
        if (aborted) {
            own.abort();
        }
        Dialer.use(own);
        try {
            Connection opened = driver.connect(url(), properties());
            if (opened == null) {
                throw new IllegalStateException("pgjdbc does not know its own URL");
            }
            return opened;
        } finally {
            Dialer.use(null);
        }
    }

    /** Holds no secret. The host is there for TLS; the dialer knows where to go. */
    private String url() {
        String host = target.instance().displayHost();
        String written = host.contains(":") ? "[" + host + "]" : host;
        return "jdbc:postgresql://" + written + ":" + target.instance().backendPort() + "/";
    }

    private Properties properties() {
        CheckConninfo conninfo = target.conninfo();
        Properties info = new Properties();
        PGProperty.USER.set(info, conninfo.user());
        // Never absent: pgjdbc would look for one in files that nobody named.
        PGProperty.PASSWORD.set(info, password);
        PGProperty.PG_DBNAME.set(info, conninfo.database());
        PGProperty.SSL_MODE.set(info, conninfo.sslMode().word());
        if (!conninfo.sslRootCert().isEmpty()) {
            PGProperty.SSL_ROOT_CERT.set(info, conninfo.sslRootCert());
        }
        PGProperty.SSL_FACTORY.set(info, CheckTlsFactory.class.getName());
        PGProperty.SOCKET_FACTORY.set(info, CheckSocketFactory.class.getName());
        PGProperty.SOCKET_TIMEOUT.set(info, limits.socketTimeoutSeconds());
        PGProperty.CONNECT_TIMEOUT.set(info, limits.socketTimeoutSeconds());
        PGProperty.TCP_KEEP_ALIVE.set(info, true);
        PGProperty.GSS_ENC_MODE.set(info, "disable");
        PGProperty.APPLICATION_NAME.set(info, "conmgr");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(info, "14");
        PGProperty.PREPARE_THRESHOLD.set(info, 1);
        PGProperty.OPTIONS.set(info, "-c statement_timeout=" + limits.statementTimeoutMillis());
        return info;
    }
}
