package io.github.pgconmgr.bench;

/**
 * How all pools of a figure are set up, so that they do the same work. Immutable.
 *
 * @param authType {@code scram-sha-256} (with verifiers in a file; the server asks for it as well) or {@code trust}
 * @param mode {@code session} or {@code transaction}
 * @param serverConnections how many there may be at the same time: workers, children, pool size
 */
record PoolSetup(String authType, String mode, int serverConnections) {

    static final String DATABASE = "bench";
    static final String USER = "bench";
    static final String PASSWORD = "bench";

    /** What clients may come, in all programs. */
    static final int MAX_CLIENTS = 2000;

    boolean isScram() {
        return authType.equals("scram-sha-256");
    }
}
