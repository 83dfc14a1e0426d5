package io.github.pgconmgr.libpqtest;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A primary "one" on db1, its standby "two" on db2, a conmgr that knows both by name, and programs beside it that run through
 * conmgr-exec. Both instances speak TLS with one certificate, for db1; the user amy needs a password.
 *
 * <p>Confined to the test's thread.
 */
final class LibpqStage implements AutoCloseable {

    /** conmgr alone, for a connection string. */
    static final String CONMGR = "host=localhost port=" + Story.CONMGR_PORT + " user=postgres dbname=postgres ";

    static final String PASSWORD = "open sesame";
    static final int TIMEOUT_MILLIS = 3000;
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int INTERVAL_MILLIS = 200;
    private static final String ACCESS = """
            local all         all     trust
            host  all         amy all scram-sha-256
            host  all         all all trust
            host  replication all all trust
            """;
    private static final String CERTIFY = """
            cd "$0" && exec openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
              -subj /CN=db1 -addext subjectAltName=DNS:db1 -keyout server.key -out server.crt
            """;
    private static final String COMPILE = """
            root=$0 out=$1 stage=$root/build/stage/usr/local
            libpq=$(sed -n 's/^Cflags: .* //p' "$stage/lib/pkgconfig/libpqcm.pc")
            exec cc -pthread -I "$stage/include" "$libpq" -o "$out" "$root/libpqcm/tests/client.c" \
              -L "$stage/lib/conmgr/libpq" -l:libpq.so.5
            """;

    private final Story story = new Story();
    private final List<Program> programs = new ArrayList<>();
    private final PgInstance one;
    private final PgInstance two;

    LibpqStage() throws IOException {
        try {
            Path folder = story.db1().folder();
            Machine.LOCAL
                    .run(Account.POSTGRES, List.of("sh", "-c", CERTIFY, folder.toString()))
                    .expectSuccess();
            story.with("ssl", "on")
                    .with("ssl_cert_file", certificate())
                    .with("ssl_key_file", folder.resolve("server.key").toString())
                    .with(
                            "hba_file",
                            Files.writeString(folder.resolve("hba"), ACCESS).toString());
            one = story.startPrimary();
            one.sql("CREATE ROLE amy LOGIN PASSWORD '" + PASSWORD + "'");
            two = story.startStandby(one);
            story.configureConmgr(INTERVAL_MILLIS, TIMEOUT_MILLIS, one, two);
            Path conf = story.conmgrFolder().resolve("conmgr.conf");
            Files.writeString(
                    conf,
                    Files.readString(conf)
                            .replace("'" + one.address() + "'", "db1")
                            .replace("'" + two.address() + "'", "db2"));
            startConmgr();
            Machine.LOCAL
                    .run(
                            Account.OURSELVES,
                            List.of("sh", "-c", COMPILE, BuildFolder.root().toString(), client()))
                    .expectSuccess();
        } catch (Throwable e) {
            story.close();
            throw e;
        }
    }

    Story story() {
        return story;
    }

    LabHost app() {
        return story.app();
    }

    PgInstance one() {
        return one;
    }

    PgInstance two() {
        return two;
    }

    /** The certificate of both instances, for db1. */
    String certificate() {
        return story.db1().folder().resolve("server.crt").toString();
    }

    /** Starts conmgr and blocks until it hears both instances. */
    void startConmgr() {
        story.cmCtl("start", "--complete").expectSuccess();
        awaitAlive(2);
    }

    /** Blocks until conmgr holds so many instances to be alive. */
    void awaitAlive(int instances) {
        Await.until(instances + " instances are alive", LIMIT, () -> {
            String status = story.cmCtl("status").out();
            return status.lines().filter(line -> line.contains(" ALIVE ")).count() == instances;
        });
    }

    void signalConmgr(String name) {
        app().exec("kill", "-" + name, Long.toString(story.conmgrPid())).expectSuccess();
    }

    /** A program of PostgreSQL's, through conmgr-exec, on the application host; NAME=VALUE words before it are its environment. */
    Finished run(String... words) {
        return app().run(Account.NOBODY, LIMIT, commandLine(words));
    }

    /** psql's answer to that SQL, unaligned. */
    String psql(String conninfo, String sql) {
        return run("psql", "-XAtq", conninfo, "-c", sql).expectSuccess().out().strip();
    }

    private List<String> commandLine(String... words) {
        // Not the home of whoever runs the tests: libpq looks for certificates there.
        List<String> argv = new ArrayList<>(List.of("env", "HOME=" + app().folder()));
        int at = 0;
        while (words[at].contains("=")) {
            argv.add(words[at++]);
        }
        argv.add(BuildFolder.installed("bin/conmgr-exec").toString());
        argv.add(words[at].contains("/") ? words[at] : PgInstall.current().program(words[at]));
        argv.addAll(List.of(words).subList(at + 1, words.length));
        return argv;
    }

    /** The path of one of PostgreSQL's programs. */
    String program(String name) {
        return PgInstall.current().program(name);
    }

    private String client() {
        return app().folder().resolve("client").toString();
    }

    /** The C program to its end. */
    Finished client(String verb, String conninfo, String sql) {
        return run(client(), verb, conninfo, sql);
    }

    /** Starts the C program and blocks until it is connected. */
    Program startClient(String verb, String conninfo, String sql) {
        Program program =
                app().start(Account.NOBODY, "client" + programs.size(), commandLine(client(), verb, conninfo, sql));
        programs.add(program);
        program.awaitLine("connected ", LIMIT);
        return program;
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        story.close();
    }
}
