package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;

/** A psql that stays connected. Its name is its application_name. Confined to the test's thread. */
final class SqlSession {

    private final Program psql;
    private final PgInstance instance;
    private final String name;

    SqlSession(Program psql, PgInstance instance, String name) {
        this.psql = psql;
        this.instance = instance;
        this.name = name;
        Await.until("session " + name, WatchdogLab.LIMIT, this::isOpen);
    }

    /** Takes an advisory lock and keeps it. */
    SqlSession lock(int number) {
        psql.writeLine("SELECT pg_advisory_lock(" + number + ");");
        Await.until("lock " + number, WatchdogLab.LIMIT, () -> holds(number));
        return this;
    }

    /** Sends these statements; awaits nothing. */
    void run(String... statements) {
        for (String statement : statements) {
            psql.writeLine(statement + ";");
        }
    }

    /** Whether anybody holds the lock. */
    boolean holds(int number) {
        return instance.sql(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = " + number)
                .equals("1");
    }

    /** Whether the server still has it. */
    boolean isOpen() {
        return !pid().isEmpty();
    }

    /** The backend's process id as its host numbers it; empty when there is none. */
    String pid() {
        return instance.sql("SELECT pid FROM pg_stat_activity WHERE application_name = '" + name + "'");
    }

    /** Blocks until the server has ended it; gives the time when that was seen. */
    long awaitEnd() {
        Await.until("the end of session " + name, WatchdogLab.LIMIT, () -> !isOpen());
        return Timed.now();
    }

    void close() {
        psql.close();
    }
}
