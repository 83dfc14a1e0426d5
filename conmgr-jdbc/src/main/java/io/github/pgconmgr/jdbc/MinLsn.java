package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.wire.Lsn;
import io.github.pgconmgr.wire.redirect.LsnWish;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The property {@code conmgr.min_lsn}: conmgr names only a standby that has replayed it, or the primary (ADR 11). Immutable.
 *
 * @param lsn unsigned 64 bits; 0 if the property is not set
 */
record MinLsn(long lsn) {

    /** The property's name, in a URL and in properties. */
    static final String PROPERTY = "conmgr.min_lsn";

    /** Why a server that is no conmgr is passed over. */
    static final String NO_CONMGR = "is no conmgr, which alone knows who has replayed " + PROPERTY;

    /**
     * Reads a value.
     *
     * @param text null or empty is not set
     * @throws SQLException 22023 if it is no LSN
     */
    static MinLsn of(@Nullable String text) throws SQLException {
        if (text == null || text.isEmpty()) {
            return new MinLsn(0);
        }
        return new MinLsn(Lsn.parse(text)
                .orElseThrow(() -> new SQLException(
                        PROPERTY + " is not an LSN such as 16/B374D848", SqlStates.INVALID_PARAMETER)));
    }

    /** Takes it out of the properties of a connection, as pgjdbc has no use for it. */
    static MinLsn takeFrom(Properties properties) throws SQLException {
        String text = properties.getProperty(PROPERTY);
        properties.remove(PROPERTY);
        return of(text);
    }

    boolean isSet() {
        return lsn != 0;
    }

    /**
     * What conmgr is told.
     *
     * @param waitMillis how long the answer may take
     */
    LsnWish wish(long waitMillis) {
        return isSet() ? new LsnWish(lsn, (int) Math.min(waitMillis, MAX_WAIT_MILLIS)) : LsnWish.NONE;
    }

    private static final int MAX_WAIT_MILLIS = 999_999_999;
}
