package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.sql.SQLException;
import java.util.List;

/**
 * pgjdbc's {@code targetServerType} as far as a conmgr can serve it (A7), and what each asks of whom.
 */
enum TargetServerType {
    ANY,
    /** What pgjdbc means by it: not in recovery and writable. */
    PRIMARY,
    SECONDARY,
    PREFER_SECONDARY;

    /**
     * One walk along the host list.
     *
     * @param ask what conmgr is asked for
     * @param check pgjdbc's own word: it looks again at the instance that it has reached, as an instance may change between
     *     conmgr's answer and the connection, and as no conmgr stands before an instance of the list
     * @param patient whether conmgr may wait until somebody has replayed the wanted LSN; another walk follows else
     */
    record Walk(TargetAttribute ask, String check, boolean patient) {}

    private static final Walk TO_ANY = new Walk(TargetAttribute.ANY, "any", true);
    private static final Walk TO_PRIMARY = new Walk(TargetAttribute.READ_WRITE, "primary", true);
    private static final Walk TO_SECONDARY = new Walk(TargetAttribute.STANDBY, "secondary", true);
    private static final Walk FIRST_TO_SECONDARY = new Walk(TargetAttribute.STANDBY, "secondary", false);
    private static final Walk TO_PREFERABLY_SECONDARY = new Walk(TargetAttribute.PREFER_STANDBY, "any", true);

    /**
     * Reads the property's value; the older words with master and slave are known as well, as in pgjdbc.
     *
     * @throws SQLException 22023 if there is no such word, or for {@code preferPrimary}, which no conmgr knows
     */
    static TargetServerType of(String word) throws SQLException {
        return switch (word.replace("lave", "econdary").replace("master", "primary")) {
            case "any" -> ANY;
            case "primary" -> PRIMARY;
            case "secondary" -> SECONDARY;
            case "preferSecondary" -> PREFER_SECONDARY;
            case "preferPrimary" ->
                throw new SQLException(
                        "targetServerType=preferPrimary cannot be used with a conmgr; use any, primary, secondary or"
                                + " preferSecondary",
                        SqlStates.INVALID_PARAMETER);
            default -> throw new SQLException("invalid targetServerType: " + word, SqlStates.INVALID_PARAMETER);
        };
    }

    /**
     * The walks along a list of so many hosts, the second only if the first found nothing. A preference over several hosts
     * needs two, as in libpq and pgjdbc: a standby behind the last host is better than a primary behind the first.
     */
    List<Walk> walks(int hosts) {
        return switch (this) {
            case ANY -> List.of(TO_ANY);
            case PRIMARY -> List.of(TO_PRIMARY);
            case SECONDARY -> List.of(TO_SECONDARY);
            case PREFER_SECONDARY ->
                hosts == 1 ? List.of(TO_PREFERABLY_SECONDARY) : List.of(FIRST_TO_SECONDARY, TO_PREFERABLY_SECONDARY);
        };
    }
}
