package io.github.pgconmgr.libpqprograms;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A primary "one" on db1, its standby "two" on db2, both with a certificate for db1; on app a conmgr that knows them by name,
 * and the programs, which conmgr-exec starts as the user nobody.
 *
 * <p>Confined to the test's thread.
 */
final class ProgramStage implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);
    static final int INTERVAL_MILLIS = 200;
    static final int TIMEOUT_MILLIS = 2000;

    /** What measuring may take on a busy machine. */
    static final int MARGIN_MILLIS = 1000;

    static final String CONMGR_PORT = Integer.toString(Story.CONMGR_PORT);

    private static final List<String> CERTIFICATE = List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=db1",
            "-addext",
            "subjectAltName=DNS:db1");

    private static final String KILL =
            "import os, sys, time; now = time.monotonic_ns(); os.kill(int(sys.argv[1]), 9); print(now)";

    private final Story story = new Story();
    private final PgInstance one;
    private final PgInstance two;
    private int started;

    ProgramStage() {
        try {
            certify();
            one = story.startPrimary();
            two = story.startStandby(one);
            story.configureConmgr(INTERVAL_MILLIS, TIMEOUT_MILLIS, one, two);
            nameInstances(story.db1(), story.db2());
            startConmgr();
        } catch (Throwable e) {
            story.close();
            throw e;
        }
    }

    private void certify() {
        Path folder = story.db1().folder();
        List<String> argv = new ArrayList<>(CERTIFICATE);
        argv.addAll(List.of("-keyout", folder + "/server.key", "-out", folder + "/server.crt"));
        Machine.LOCAL.run(Account.POSTGRES, argv).expectSuccess();
        story.with("ssl", "on")
                .with("ssl_cert_file", folder + "/server.crt")
                .with("ssl_key_file", folder + "/server.key");
    }

    private void nameInstances(LabHost... hosts) {
        Path file = story.conmgrFolder().resolve("conmgr.conf");
        try {
            String text = Files.readString(file);
            for (LabHost host : hosts) {
                text = text.replace("'" + host.address() + "'", host.name());
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change conmgr.conf", e);
        }
    }

    LabHost app() {
        return story.app();
    }

    PgInstance one() {
        return one;
    }

    /** The instances' certificate, which names db1. */
    Path certificate() {
        return story.db1().folder().resolve("server.crt");
    }

    static long now() {
        return NanoClock.SYSTEM.nanoTime();
    }

    static long millisSince(long nanos) {
        return (now() - nanos) / 1_000_000;
    }

    /** Starts conmgr and blocks until it hears both instances. */
    void startConmgr() {
        story.cmCtl("start", "--complete").expectSuccess();
        awaitBothAlive();
    }

    /** Ends conmgr as a crash does; returns at once. */
    void killConmgr() {
        app().exec("kill", "-KILL", Long.toString(story.conmgrPid())).expectSuccess();
    }

    /** The same, and when that was, in monotonic nanoseconds of the machine. Needs Python. */
    long timeKillOfConmgr() {
        String said = app().exec("python3", "-c", KILL, Long.toString(story.conmgrPid()))
                .expectSuccess()
                .out();
        return Long.parseLong(said.strip());
    }

    /** From now on db1 is silent. */
    void cutPrimary() {
        story.lab().cut(story.db1());
    }

    /** The cable to db1 is whole; blocks until conmgr hears it and nobody waits there any more. */
    void healPrimary() {
        story.lab().heal(story.db1());
        awaitBothAlive();
        one.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_addr IS NOT NULL"
                + " AND backend_type = 'client backend'");
        awaitSleepers(0);
    }

    private void awaitBothAlive() {
        Await.until(
                "conmgr hears both",
                LIMIT,
                () -> story.cmCtl("status")
                                .out()
                                .lines()
                                .filter(line -> line.contains("ALIVE"))
                                .count()
                        == 2);
    }

    /** Blocks until that many sessions wait in pg_sleep at the primary. */
    void awaitSleepers(int number) {
        Await.until(
                number + " sessions sleep",
                LIMIT,
                () -> one.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals(Integer.toString(number)));
    }

    /** The applications that conmgr counts. */
    String applications() {
        return story.cmCtl("status", "-i", "application").out();
    }

    /** The command line with conmgr-exec and our variables in front of it. */
    static List<String> throughConmgr(List<String> variables, List<String> argv) {
        List<String> all = new ArrayList<>(List.of("env", "HOME=/nonexistent"));
        all.addAll(variables);
        all.add(BuildFolder.installed("bin/conmgr-exec").toString());
        all.addAll(argv);
        return all;
    }

    /** Runs a program on the application host to its end. */
    Finished run(List<String> variables, List<String> argv) {
        return app().run(Account.NOBODY, throughConmgr(variables, argv));
    }

    /** Starts a program on the application host. */
    Program start(List<String> variables, List<String> argv) {
        started++;
        return app().start(Account.NOBODY, "program-" + started, throughConmgr(variables, argv));
    }

    @Override
    public void close() {
        story.close();
    }
}
