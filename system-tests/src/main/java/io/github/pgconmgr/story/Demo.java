package io.github.pgconmgr.story;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code make demo}: the main job, on real servers and a real network, with measured times. Every step is checked; the first
 * one that does not really happen ends the demo with an error.
 *
 * <p>Confined to the main thread.
 */
public final class Demo {

    private static final int INTERVAL_MILLIS = 1000;
    private static final int TIMEOUT_MILLIS = 3000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String PSQL_STATEMENT = "SELECT pg_sleep(600)";

    private final Timeline timeline = new Timeline();
    private final Story story;

    private PgInstance one;
    private PgInstance two;
    private ApplicationProcess writer;
    private ApplicationProcess stock;
    private ApplicationProcess reader;
    private ApplicationProcess relayed;
    private final Program psql;
    private final Program stockPsql;
    private long cutNanos;
    private CompletableFuture<Long> oldPrimaryFree = new CompletableFuture<>();

    private Demo(Story story) {
        this.story = story;
        timeline.step("1. A primary and a synchronous hot standby, conmgr on the application host");
        one = story.startPrimary();
        two = story.startStandby(one);
        story.cluster().synchronous(one, two);
        timeline.say("primary \"one\" on " + one.address() + ", standby \"two\" on " + two.address()
                + "; shared_preload_libraries = 'watchdog', CREATE EXTENSION watchdog");
        startConmgr();
        timeline.step(
                "2. Applications: a writer, a reader and psql through conmgr; the same writer with stock pgjdbc, straight to"
                        + " the servers, and through conmgr's relay; stock psql through the relay");
        String stockUrl = "jdbc:postgresql://" + one.address() + ":" + one.port() + "," + two.address() + ":"
                + two.port() + "/postgres?targetServerType=primary";
        writer = story.startApplication("writer", "ours", Story.conmgrUrl("primary"));
        reader = story.startApplication("reader", "reader", Story.conmgrUrl("secondary"));
        stock = story.startApplication("writer", "stock", stockUrl);
        relayed = story.startApplication("writer", "relayed", Story.relayUrl());
        psql = story.startPsql(PSQL_STATEMENT);
        stockPsql = story.startStockPsql(PSQL_STATEMENT);
    }

    /** Plays the story; no arguments. */
    public static void main(String[] arguments) {
        try (Story story = new Story()) {
            Demo demo = new Demo(story);
            demo.applicationsWork();
            demo.cutTheLink();
            demo.promote();
            demo.oldPrimaryLetsGo();
            demo.heal();
            demo.endTheWorker();
            demo.timeline.printFigures();
        }
        System.out.println("\nEvery step happened.");
    }

    private void startConmgr() {
        story.configureConmgr(INTERVAL_MILLIS, TIMEOUT_MILLIS, one, two);
        long before = timeline.now();
        story.cmCtl("start").expectSuccess();
        timeline.figure("cm_ctl start until the heartbeat to the primary stands", timeline.now() - before, "");
        Await.until(
                "both instances are alive",
                LIMIT,
                () -> status().lines().filter(line -> line.contains("ALIVE")).count() == 2);
        timeline.say("$ cm_ctl status");
        timeline.show(status());
        for (PgInstance instance : List.of(one, two)) {
            timeline.say("SELECT * FROM pgx_stat_watchdog on \"" + instance.name() + "\"");
            String row = instance.sql("SELECT * FROM pgx_stat_watchdog");
            timeline.show(row);
            require(row.startsWith(story.app().address() + "|"), "the view shows the conmgr of the application host");
        }
    }

    private String status() {
        Finished status = story.cmCtl("status");
        return status.expectSuccess().out();
    }

    private void applicationsWork() {
        long begin = timeline.now();
        ApplicationProcess holder = story.startApplication("holder", "holder", Story.conmgrUrl("primary"));
        require(goesTo(writer, begin, one) && goesTo(holder, begin, one), "writers are sent to the primary");
        require(goesTo(reader, begin, two), "the reader is sent to the standby");
        require(goesTo(stock, begin, one), "stock pgjdbc finds the primary");
        require(goesTo(relayed, begin, one), "the relay takes stock pgjdbc to the primary");
        Await.until("the lock is held", LIMIT, () -> locks().equals("1"));
        Await.until(
                "both psql wait in their statement",
                LIMIT,
                () -> one.sql("SELECT count(*) FROM pg_stat_activity WHERE query = '" + PSQL_STATEMENT + "'")
                        .equals("2"));
        timeline.say("writers write to " + one.address() + ", the reader reads from " + two.address()
                + ", both psql wait in a statement at the primary, another session holds an advisory lock");
        for (PgInstance instance : List.of(one, two)) {
            Await.until(
                    "the watchdog has known conmgr for a timeout",
                    LIMIT,
                    () -> !instance.log().linesWith("PROVING -> ARMED").isEmpty());
        }
        timeline.say("both watchdogs have heard conmgr for one whole timeout: from now on its death counts");
    }

    private boolean goesTo(ApplicationProcess application, long sinceNanos, PgInstance instance) {
        return application
                .awaitAfter(sinceNanos - LIMIT.toNanos(), "CONNECTED", LIMIT)
                .details()
                .startsWith(instance.address() + " ");
    }

    private void cutTheLink() {
        timeline.step("3. The cable of the primary's host is cut, silently, while both writers wait in a statement");
        long before = timeline.now();
        writer.awaitAfter(before, "ACK", LIMIT);
        stock.awaitAfter(before, "ACK", LIMIT);
        relayed.awaitAfter(before, "ACK", LIMIT);
        story.lab().cut(story.db1());
        cutNanos = timeline.now();
        oldPrimaryFree = CompletableFuture.supplyAsync(this::watchTheOldPrimary);
        ApplicationProcess.Event error = writer.awaitAfter(cutNanos, "ERROR", LIMIT);
        require(error.details().startsWith("08006"), "our writer gets 08006, not " + error.details());
        long noticed = error.nanos() - cutNanos;
        timeline.figure(
                "silent cut to SQLException 08006 in our writer",
                noticed,
                "heartbeat_timeout " + TIMEOUT_MILLIS + " ms");
        timeline.show(error.details());
        require(noticed <= (TIMEOUT_MILLIS + 500) * 1_000_000L, "the writer is told within heartbeat_timeout");
        timeline.show("psql: " + psql.awaitLine("server closed the connection", LIMIT));
        timeline.figure(
                "silent cut to the error in psql",
                timeline.now() - cutNanos,
                "libpqcm in front of libpq, heartbeat_timeout " + TIMEOUT_MILLIS + " ms");
        relayedIsTold();
        require(stockHangs(), "stock pgjdbc straight to the servers still hangs");
        timeline.say("stock pgjdbc straight to the servers still hangs in its statement");
    }

    /** Programs that know nothing of conmgr: PostgreSQL's own message, and the end of the connection. */
    private void relayedIsTold() {
        ApplicationProcess.Event error = relayed.awaitAfter(cutNanos, "ERROR", LIMIT);
        require(error.details().matches("(57P01|08006) .*"), "an error in the relayed writer, not " + error.details());
        timeline.figure(
                "silent cut to the error in stock pgjdbc through the relay",
                error.nanos() - cutNanos,
                "heartbeat_timeout " + TIMEOUT_MILLIS + " ms");
        timeline.show(error.details());
        timeline.show("stock psql: " + stockPsql.awaitLine("connection to server was lost", LIMIT));
    }

    private boolean stockHangs() {
        return stock.eventsAfter(cutNanos, "ERROR").isEmpty()
                && stock.eventsAfter(cutNanos + 1_000_000_000, "ACK").isEmpty();
    }

    private void promote() {
        timeline.step("4. The standby is promoted");
        require(two.sql("SELECT pg_promote()").equals("t"), "pg_promote succeeds");
        long promoted = timeline.now();
        ApplicationProcess.Event commit = writer.awaitAfter(promoted, "ACK", LIMIT);
        timeline.figure(
                "pg_promote() returned to our writer's first commit",
                commit.nanos() - promoted,
                "watchdog.check_attr_interval 100 ms");
        ApplicationProcess.Event again = relayed.awaitAfter(promoted, "ACK", LIMIT);
        timeline.figure(
                "pg_promote() returned to the relayed stock writer's first commit",
                again.nanos() - promoted,
                "the same");
        String where = relayed.awaitAfter(cutNanos, "CONNECTED", LIMIT).details();
        require(where.startsWith(two.address() + " "), "the relay takes stock pgjdbc to the new primary");
        requireAllCommits(writer, "ours", commit);
        requireAllCommits(relayed, "relayed", again);
        timeline.say("all acknowledged commits of both writers, "
                + writer.events("ACK").size() + " and " + relayed.events("ACK").size() + ", are on the new primary");
    }

    private void requireAllCommits(ApplicationProcess who, String name, ApplicationProcess.Event until) {
        String query = "SELECT count(*) FROM written WHERE writer = '" + name + "' AND n = ";
        long lost = who.events("ACK").stream()
                .filter(ack -> ack.nanos() - until.nanos() <= 0)
                .filter(ack -> two.sql(query + ack.details()).equals("0"))
                .count();
        require(lost == 0, lost + " acknowledged commits of " + name + " are missing");
    }

    private void oldPrimaryLetsGo() {
        timeline.step("5. The cut-off old primary, seen from its own host");
        long free = oldPrimaryFree.join() - cutNanos;
        timeline.show(String.join("\n", one.log().linesWith("ARMED -> DEAD")));
        timeline.show(String.join("\n", one.log().linesWith("is dead, sessions")));
        timeline.figure(
                "silent cut to no session and no lock of the application host left",
                free,
                "heartbeat_timeout " + TIMEOUT_MILLIS + " ms");
        require(free <= (TIMEOUT_MILLIS + 1000) * 1_000_000L, "the old primary lets go within heartbeat_timeout");
        timeline.say("stock pgjdbc: " + (stockHangs() ? "still hanging on its side of the cut" : "cut"));
    }

    /** Looks from the old primary's own host, again and again, until nothing of the application host is left. */
    private long watchTheOldPrimary() {
        Await.until("no session is left", LIMIT, () -> sessions().equals("0") && locks().equals("0"));
        return timeline.now();
    }

    private String sessions() {
        return one.sql("SELECT count(*) FROM pg_stat_activity WHERE client_addr = '"
                + story.app().address() + "'");
    }

    private String locks() {
        return one.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND granted");
    }

    private void heal() {
        timeline.step("6. The link heals");
        story.lab().heal(story.db1());
        Await.until(
                "conmgr hears the old primary again", LIMIT, () -> statusOf(0).contains("ALIVE"));
        timeline.show(status());
        long healed = timeline.now();
        ApplicationProcess visitor = story.startApplication("visitor", "visitor", Story.conmgrUrl("primary"));
        Await.until(
                "20 new connections", LIMIT, () -> visitor.events("CONNECTED").size() >= 20);
        boolean allToTheNewOne = visitor.events("CONNECTED").stream()
                .allMatch(event -> event.details().startsWith(two.address() + " "));
        visitor.program().kill();
        require(allToTheNewOne, "nobody is sent to the old primary");
        require(writer.eventsAfter(healed, "ERROR").isEmpty(), "our writer noticed nothing of the healing");
        require(relayed.eventsAfter(healed, "ERROR").isEmpty(), "nor did the relayed one");
        timeline.say("20 new connections: all to " + two.address() + "; the old primary is on an older timeline");
        timeline.say("stock pgjdbc: "
                + (stockHangs()
                        ? "still hanging"
                        : "was cut "
                                + (stock.eventsAfter(cutNanos, "ERROR").get(0).nanos() - cutNanos) / 1_000_000
                                + " ms after the cable"));
    }

    private String statusOf(int instanceNumber) {
        return status().lines()
                .filter(line -> line.strip().startsWith(instanceNumber + " "))
                .findFirst()
                .orElse("");
    }

    private void endTheWorker() {
        timeline.step("7. The watchdog worker of the new primary is ended with SIGTERM");
        String pid = workerPid();
        long before = timeline.now();
        two.sql("SELECT pg_terminate_backend(" + pid + ")");
        Await.until(
                "the worker is back",
                LIMIT,
                () -> !workerPid().isEmpty() && !workerPid().equals(pid));
        Await.until(
                "conmgr hears it again",
                LIMIT,
                () -> two.sql("SELECT count(*) FROM pgx_stat_watchdog").equals("1"));
        timeline.figure(
                "SIGTERM to a worker that conmgr is connected to", timeline.now() - before, "restarts after 1 s");
        ApplicationProcess.Event later = writer.awaitAfter(before + 2L * TIMEOUT_MILLIS * 1_000_000, "ACK", LIMIT);
        for (ApplicationProcess session : List.of(writer, reader, relayed)) {
            require(
                    session.eventsAfter(before, "ERROR").isEmpty(),
                    "no session notices that the worker is away: " + session.eventsAfter(before, "ERROR"));
        }
        timeline.say("no session noticed; our writer's latest commit is row " + later.details());
    }

    private String workerPid() {
        return two.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'watchdog'");
    }

    private static void require(boolean happened, String what) {
        if (!happened) {
            throw new AssertionError("this did not happen: " + what);
        }
    }
}
