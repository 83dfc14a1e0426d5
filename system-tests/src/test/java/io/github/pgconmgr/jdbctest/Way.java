package io.github.pgconmgr.jdbctest;

/** How an application comes to its connections. */
enum Way {
    /** A {@code jdbc:conmgr:} URL, the driver found by the DriverManager. */
    DRIVER("manager"),
    /** pgjdbc's own URL with our socket factory. */
    SOCKET_FACTORY("manager"),
    /** HikariCP with {@code jdbcUrl}. */
    POOL("pool"),
    /** HikariCP with {@code dataSourceClassName}. */
    POOL_OF_DATA_SOURCE("pool-source"),
    /** HikariCP with pgjdbc's URL and our socket factory. */
    POOL_OF_SOCKET_FACTORY("pool");

    private static final String FACTORY = "&socketFactory=io.github.pgconmgr.jdbc.ConmgrSocketFactory";

    private final String how;

    Way(String how) {
        this.how = how;
    }

    String how() {
        return how;
    }

    /** The URL for that host list; the parameters follow as {@code name=value&name=value}. */
    String url(String hosts, String parameters) {
        return switch (this) {
            case DRIVER, POOL, POOL_OF_DATA_SOURCE -> "jdbc:conmgr://" + hosts + "/postgres?" + parameters;
            case SOCKET_FACTORY, POOL_OF_SOCKET_FACTORY ->
                "jdbc:postgresql://" + hosts + "/postgres?" + parameters + FACTORY;
        };
    }
}
