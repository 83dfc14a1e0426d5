package io.github.pgconmgr.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import javax.naming.Reference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A {@link javax.sql.DataSource} that connects through a conmgr, without a pool. It has the properties of pgjdbc's; server names
 * and ports are those of conmgrs (or instances), and conmgr's port is the default. Serializable, and a JNDI reference.
 *
 * <p>Shared once it is configured; each call makes a new connection.
 */
public class ConmgrDataSource extends PGSimpleDataSource {

    private static final String PGJDBC_PREFIX = "jdbc:postgresql:";
    private static final ConmgrDriver DRIVER = new ConmgrDriver();

    private @Nullable String minLsn;

    /** Leads to localhost until it is told otherwise. */
    public ConmgrDataSource() {}

    @Override
    public String getDescription() {
        return "Non-pooling DataSource of Connection Manager for PostgreSQL";
    }

    /** {@code conmgr.min_lsn} for the connections that are made from now on; null if any instance will do. */
    public @Nullable String getMinLsn() {
        return minLsn;
    }

    /** See {@link #getMinLsn}. A value that is no LSN is found out when a connection is made. */
    public void setMinLsn(@Nullable String lsn) {
        minLsn = lsn;
    }

    /** As {@link ConmgrDriver#connect}, with the properties' user and password. */
    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(getUser(), getPassword());
    }

    /** As {@link ConmgrDriver#connect}; not by way of the DriverManager, which may not see us from pgjdbc's class loader. */
    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        Properties account = new Properties();
        if (user != null) {
            account.setProperty(PGProperty.USER.getName(), user);
        }
        if (password != null) {
            account.setProperty(PGProperty.PASSWORD.getName(), password);
        }
        if (minLsn != null) {
            account.setProperty(MinLsn.PROPERTY, minLsn);
        }
        Connection connection = DRIVER.connect(getUrl(), account);
        if (connection == null) {
            throw new SQLException("the URL is none of ours", SqlStates.INVALID_PARAMETER);
        }
        return connection;
    }

    /** The properties as a {@code jdbc:conmgr:} URL, without user and password. */
    @Override
    public String getUrl() {
        return ConmgrUrl.PREFIX + super.getUrl().substring(PGJDBC_PREFIX.length());
    }

    /**
     * Takes over what a {@code jdbc:conmgr:} URL says; what it does not say stays.
     *
     * @throws IllegalArgumentException if it is no such URL; the message holds nothing of it
     */
    @Override
    public void setUrl(String url) {
        if (!ConmgrUrl.accepts(url)) {
            throw new IllegalArgumentException("the URL does not begin with " + ConmgrUrl.PREFIX);
        }
        try {
            Properties parsed = ConmgrUrl.parseProperties(url, null);
            minLsn = parsed.getProperty(MinLsn.PROPERTY, minLsn);
            parsed.remove(MinLsn.PROPERTY);
            for (String name : parsed.stringPropertyNames()) {
                setProperty(name, parsed.getProperty(name));
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    protected Reference createReference() {
        return new Reference(getClass().getName(), ConmgrDataSourceFactory.class.getName(), null);
    }
}
