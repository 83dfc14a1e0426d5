package io.github.pgconmgr.bench;

/** The ways to the server that stand side by side in the relay's figures. */
enum Contender {
    DIRECT("direct"),
    OURS("conmgr"),
    PGBOUNCER("PgBouncer"),
    /** Whose difference to the row above is the noise. */
    AGAIN("PgBouncer again"),
    PGPOOL("Pgpool-II"),
    HAPROXY("HAProxy");

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** The program that serves it: one PgBouncer runs, not two. */
    Contender program() {
        return this == AGAIN ? PGBOUNCER : this;
    }

    /** Where it listens on the application host; the server itself has its own port on another host. */
    int port() {
        return switch (this) {
            case DIRECT -> 27500;
            // The port for relayed connections alone.
            case OURS -> 27547;
            case PGBOUNCER, AGAIN -> 6432;
            case PGPOOL -> 9999;
            case HAPROXY -> 5000;
        };
    }
}
