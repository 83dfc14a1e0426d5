package io.github.pgconmgr.libpqprograms;

import java.util.ArrayList;
import java.util.List;

/**
 * A row of docs/drivers.md: a program of PostgreSQL, or a small application (its source is a resource of this package) for a
 * library on libpq. What its errors look like is in regular expressions on "SQLSTATE thing". Immutable.
 */
enum Client {
    PSQL("psql", "postgresql-client-15"),
    PGBENCH("pgbench", "postgresql-15"),
    PG_DUMP("pg_dump -j 2", "postgresql-client-15"),
    PG_BASEBACKUP("pg_basebackup -X stream", "postgresql-client-15"),
    C_SYNC("C, blocking", "libpq5", "sync.c", "none PGRES_FATAL_ERROR", "none CONNECTION_BAD"),
    C_ASYNC_CONNECT("C, PQconnectPoll", "libpq5", "async_connect.c", "none PGRES_FATAL_ERROR", "none CONNECTION_BAD"),
    C_ASYNC_USE("C, PQcmSocket", "libpq5", "async_use.c", "none PGRES_FATAL_ERROR", "none CONNECTION_BAD"),
    C_PIPELINE("C, pipeline mode", "libpq5", "pipeline.c", "none PGRES_FATAL_ERROR", "none CONNECTION_BAD"),
    ECPG("ECPG", "libecpg6", "embedded.pgc", "(57P01|57P02|YE000) -400", "08001 -402"),
    ODBC("psqlODBC", "odbc-postgresql", "odbc.c", "(57P01|08S01) \\d+", "08001 \\d+"),
    PSYCOPG2("psycopg2", "python3-psycopg2", "psycopg2_sync.py", "none OperationalError", "none OperationalError"),
    PSYCOPG2_ASYNC(
            "psycopg2, asynchronous",
            "python3-psycopg2",
            "psycopg2_async.py",
            "none (OperationalError|DatabaseError)",
            "none OperationalError"),
    PSYCOPG3("psycopg 3", "python3-psycopg", "psycopg3_sync.py", "none OperationalError", "none OperationalError"),
    PSYCOPG3_ASYNC(
            "psycopg 3, asyncio",
            "python3-psycopg",
            "psycopg3_async.py",
            "none OperationalError",
            "none OperationalError"),
    DBD_PG("DBD::Pg", "libdbd-pg-perl", "dbd_pg.pl", "08000 7", "08006 1"),
    PHP("PHP pgsql", "php-pgsql", "pgsql.php", "none pg_query", "none pg_connect"),
    PDO("PHP PDO", "php-pgsql", "pdo.php", "HY000 PDOException", "(08006|none) PDOException"),
    RUBY("Ruby pg", "ruby-pg", "ruby_pg.rb", "none PG::\\w+", "none PG::ConnectionBad");

    private final String title;
    private final String debianPackage;
    private final String source;
    private final String lost;
    private final String refused;

    Client(String title, String debianPackage) {
        this(title, debianPackage, "", "", "");
    }

    Client(String title, String debianPackage, String source, String lost, String refused) {
        this.title = title;
        this.debianPackage = debianPackage;
        this.source = source;
        this.lost = lost;
        this.refused = refused;
    }

    /** Those with an application of ours. */
    static List<Client> applications() {
        List<Client> found = new ArrayList<>(List.of(values()));
        found.removeIf(client -> client.source.isEmpty());
        return found;
    }

    String title() {
        return title;
    }

    /** Whose version the table shows. */
    String debianPackage() {
        return debianPackage;
    }

    /** The name of the application's source, a resource. */
    String source() {
        return source;
    }

    boolean isCompiled() {
        return source.endsWith(".c") || source.endsWith(".pgc");
    }

    /** How the error of a connection that ended in use looks. */
    String lost() {
        return lost;
    }

    /** How the error of a connect that nobody answers looks. */
    String refused() {
        return refused;
    }

    /** What the driver says for its server, when conmgr on localhost has led it to this host. */
    String hostShown(String host) {
        return switch (this) {
            // Neither has a function for it.
            case ECPG, PDO -> "";
            default -> host;
        };
    }
}
