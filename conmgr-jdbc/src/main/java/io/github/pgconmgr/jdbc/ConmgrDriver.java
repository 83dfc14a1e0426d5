package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The driver for {@code jdbc:conmgr://host[:port][,host[:port]...]/database?properties} (T1). Registers itself with
 * {@link DriverManager}; its connections are pgjdbc's own.
 *
 * <p>Shared: stateless but for the {@link Watcher}, one for the class loader that loaded this class.
 */
public final class ConmgrDriver implements Driver {

    private static final int MAJOR_VERSION = 0;
    private static final int MINOR_VERSION = 1;

    private static final Watcher WATCHER = new Watcher(NanoClock.SYSTEM, Watcher.IDLE_NANOS);

    static {
        try {
            DriverManager.registerDriver(new ConmgrDriver(), WATCHER::retire);
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final NanoClock clock;
    private final Watcher watcher;

    /** For {@link java.util.ServiceLoader}, and for pools that are given the class name. */
    public ConmgrDriver() {
        this(NanoClock.SYSTEM, WATCHER);
    }

    ConmgrDriver(NanoClock clock, Watcher watcher) {
        this.clock = clock;
        this.watcher = watcher;
    }

    /** The watcher of this class loader's connections, however they came to be made. */
    static Watcher watcher() {
        return WATCHER;
    }

    /**
     * Connects. Blocks within {@code loginTimeout} and {@code connectTimeout}, which count the question to conmgr (T3).
     *
     * @return pgjdbc's connection; null if the URL is not ours
     * @throws SQLException 08001 if no host of the list gave a connection; 22023 for properties that do not fit; of a single
     *     host pgjdbc's own exception
     */
    @Override
    public @Nullable Connection connect(String url, @Nullable Properties info) throws SQLException {
        if (!ConmgrUrl.accepts(url)) {
            return null;
        }
        long nowNanos = clock.nanoTime();
        ConmgrUrl parsed = ConmgrUrl.parse(url, info);
        ConnectLimits limits = ConnectLimits.of(parsed.properties(), nowNanos);
        return new HostWalk(parsed, limits, watcher, clock).connect();
    }

    @Override
    public boolean acceptsURL(String url) {
        return ConmgrUrl.accepts(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
        Properties properties = info == null ? new Properties() : info;
        String pgjdbcUrl = ConmgrUrl.accepts(url) ? ConmgrUrl.toPgjdbcUrl(url) : url;
        return new org.postgresql.Driver().getPropertyInfo(pgjdbcUrl, properties);
    }

    @Override
    public int getMajorVersion() {
        return MAJOR_VERSION;
    }

    @Override
    public int getMinorVersion() {
        return MINOR_VERSION;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("io.github.pgconmgr");
    }
}
