package io.github.pgconmgr.jdbc;

/** The SQLSTATEs that this driver itself gives; all others come from pgjdbc or the instance. Immutable, stateless. */
final class SqlStates {

    /** No connection could be made (A2). */
    static final String UNABLE_TO_CONNECT = "08001";

    /** A property has a value that cannot be used. */
    static final String INVALID_PARAMETER = "22023";

    private static final String CONNECTION_CLASS = "08";

    private SqlStates() {}

    /** Whether the state tells of a connection that failed, and not of a server that answered. */
    static boolean isConnectionFailure(String sqlState) {
        return sqlState.startsWith(CONNECTION_CLASS);
    }
}
