package io.github.pgconmgr.jdbc;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGProperty;

/**
 * The time limits of one {@code connect}, which are pgjdbc's own; stage 1 counts into them (T3). Immutable.
 *
 * @param login {@code loginTimeout}, counted over the whole host list
 * @param hostNanos {@code connectTimeout}, counted for each host of the list anew; 0 is no limit
 */
record ConnectLimits(Deadline login, long hostNanos) {

    /**
     * Limits stage 1 on a host when neither property does: a silent conmgr must not hold an application for ever. Longer than the longest
     * {@code route_wait} of a conmgr that holds the question until an instance fits, 60 s.
     */
    static final long STAGE_ONE_NANOS = TimeUnit.SECONDS.toNanos(65);

    private static final int MILLIS_PER_SECOND = 1000;

    /**
     * Reads the properties.
     *
     * @param nowNanos when {@code connect} was called
     * @throws SQLException 22023 if a value is not a number
     */
    static ConnectLimits of(Properties properties, long nowNanos) throws SQLException {
        long hostNanos = TimeUnit.SECONDS.toNanos(PGProperty.CONNECT_TIMEOUT.getInt(properties));
        return new ConnectLimits(Deadline.after(nowNanos, loginNanos(properties)), hostNanos);
    }

    private static long loginNanos(Properties properties) throws SQLException {
        String seconds = properties.getProperty(PGProperty.LOGIN_TIMEOUT.getName());
        if (seconds == null) {
            return TimeUnit.SECONDS.toNanos(DriverManager.getLoginTimeout());
        }
        try {
            return TimeUnit.MILLISECONDS.toNanos((long) (Float.parseFloat(seconds) * MILLIS_PER_SECOND));
        } catch (NumberFormatException e) {
            throw new SQLException("loginTimeout is not a number of seconds", SqlStates.INVALID_PARAMETER, e);
        }
    }

    /** The limit of a host that is begun now: for stage 1 and for stage 2's TCP connect together. */
    Deadline forHost(long nowNanos) {
        return Deadline.after(nowNanos, hostNanos).orEarlier(login);
    }

    /** The limit of stage 1 on a host. */
    static Deadline forStageOne(Deadline host, long nowNanos) {
        return host.isLimited() ? host : Deadline.after(nowNanos, STAGE_ONE_NANOS);
    }
}
