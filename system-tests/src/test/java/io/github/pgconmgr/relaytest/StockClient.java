package io.github.pgconmgr.relaytest;

import java.util.List;

/** A row of the relay's table in docs/drivers.md: a driver with a small application of ours, or a program. Immutable. */
enum StockClient {
    PSQL("psql", "postgresql-client-15", ""),
    PGBENCH("pgbench", "postgresql-15", ""),
    NODE("node-postgres", "", "node_pg.js"),
    ASYNCPG("asyncpg", "python3-asyncpg", "asyncpg_app.py"),
    PSYCOPG2("psycopg2", "python3-psycopg2", "psycopg2_app.py"),
    PSYCOPG3("psycopg 3", "python3-psycopg", "psycopg3_app.py"),
    LIB_PQ("Go lib/pq", "golang-github-lib-pq-dev", "lib_pq.go"),
    PGJDBC("pgjdbc", "", ""),
    DBD_PG("DBD::Pg", "libdbd-pg-perl", "dbd_pg.pl");

    private final String title;
    private final String debianPackage;
    private final String source;

    StockClient(String title, String debianPackage, String source) {
        this.title = title;
        this.debianPackage = debianPackage;
        this.source = source;
    }

    /** Those with an application that knows the verbs. */
    static List<StockClient> applications() {
        return List.of(NODE, ASYNCPG, PSYCOPG2, PSYCOPG3, LIB_PQ, PGJDBC, DBD_PG);
    }

    String title() {
        return title;
    }

    /** Whose version the table shows; empty for what comes from elsewhere. */
    String debianPackage() {
        return debianPackage;
    }

    /** The name of the application's source, a resource. */
    String source() {
        return source;
    }

    /** The verbs that it has besides work and wait. */
    List<String> sessionVerbs() {
        return switch (this) {
            // COPY needs another package there.
            case NODE -> List.of("listen");
            case PGJDBC -> List.of("copy", "listen", "large");
            default -> List.of("copy", "listen");
        };
    }
}
