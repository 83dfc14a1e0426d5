package io.github.pgconmgr.relaytest;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.ServerLog;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A primary "one" on db1 and its standby "two" on db2, which both ask the role {@code app} for its password (SCRAM); on the
 * application host a conmgr that relays, with that role's verifier in its auth_file; and stock programs, run by an ordinary
 * user.
 *
 * <p>Confined to the test's thread.
 */
final class RelayStage implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);
    static final int TIMEOUT_MILLIS = 2000;

    private static final String HBA = """
            local all         all     trust
            host  replication all all trust
            host  all         app all scram-sha-256
            host  all         all all trust
            """;

    private final Story story = new Story();
    private final PgInstance one;
    private final PgInstance two;
    private int started;

    /** With these lines in conmgr.conf besides. */
    RelayStage(String... conf) {
        try {
            one = story.startPrimary();
            one.sql("CREATE ROLE app LOGIN PASSWORD 'secret'");
            one.sql("CREATE DATABASE app OWNER app");
            one.psql("app", "CREATE TABLE journal (n int); ALTER TABLE journal OWNER TO app")
                    .expectSuccess();
            two = story.startStandby(one);
            askForPasswords(one);
            askForPasswords(two);
            story.configureConmgr(200, TIMEOUT_MILLIS, one, two);
            configureRelay(conf);
            story.cmCtl("start", "--complete").expectSuccess();
        } catch (Throwable e) {
            story.close();
            throw e;
        }
    }

    private static void askForPasswords(PgInstance instance) {
        try {
            Files.writeString(instance.data().resolve("pg_hba.conf"), HBA);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write pg_hba.conf", e);
        }
        instance.reload();
    }

    private void configureRelay(String... conf) {
        Path folder = story.conmgrFolder();
        String verifier = one.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'");
        List<String> lines = new ArrayList<>(List.of(conf));
        lines.add("auth_file = '" + folder + "/userlist.txt'");
        try {
            Path userList = Files.writeString(folder.resolve("userlist.txt"), "\"app\" \"" + verifier + "\"\n");
            Files.setPosixFilePermissions(userList, PosixFilePermissions.fromString("rw-------"));
            Files.write(folder.resolve("conmgr.conf"), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure the relay", e);
        }
        Account.NOBODY.own(folder.resolve("userlist.txt"));
    }

    Story story() {
        return story;
    }

    PgInstance one() {
        return one;
    }

    PgInstance two() {
        return two;
    }

    LabHost app() {
        return story.app();
    }

    ServerLog conmgrLog() {
        return new ServerLog(story.conmgrFolder().resolve("conmgr.log"));
    }

    static String port() {
        return Integer.toString(Story.CONMGR_PORT);
    }

    /** A program of PostgreSQL's, on its way through the relay; arguments follow. */
    static List<String> client(String program, String... arguments) {
        List<String> argv =
                new ArrayList<>(List.of("env", "HOME=/nonexistent", "PGPASSWORD=secret", "PGHOST=localhost"));
        argv.addAll(List.of("PGPORT=" + port(), "PGUSER=app", "PGDATABASE=app"));
        argv.add(PgInstall.current().program(program));
        argv.addAll(List.of(arguments));
        return argv;
    }

    /** Runs a program on the application host to its end. */
    Finished run(List<String> argv) {
        return app().run(Account.NOBODY, LIMIT, argv);
    }

    /** Starts a program on the application host. */
    Program start(List<String> argv) {
        started++;
        return app().start(Account.NOBODY, "program-" + started, argv);
    }

    /** Blocks until that many sessions of the role wait in pg_sleep at the primary. */
    void awaitSleepers(int number) {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND usename = 'app'";
        Await.until(number + " sessions sleep", LIMIT, () -> one.sql(sql).equals(Integer.toString(number)));
    }

    static long now() {
        return NanoClock.SYSTEM.nanoTime();
    }

    static long millisSince(long nanos) {
        return (now() - nanos) / 1_000_000;
    }

    @Override
    public void close() {
        story.close();
    }
}
