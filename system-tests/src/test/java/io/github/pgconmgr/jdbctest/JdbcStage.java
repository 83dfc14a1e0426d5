package io.github.pgconmgr.jdbctest;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A primary "one" on db1, its standby "two" on db2, a conmgr that knows both by name, and an application beside it. Both
 * instances have certificates of the test's own authority: one's for db1, as conmgr.conf has it, two's for another name. The
 * user amy needs TLS and a password.
 *
 * <p>Confined to the test's thread.
 */
final class JdbcStage implements AutoCloseable {

    /** Where the conmgr is. */
    static final String CONMGR = "localhost:" + Story.CONMGR_PORT;

    static final String PASSWORD = "open sesame";

    static final int TIMEOUT_MILLIS = 3000;
    private static final int INTERVAL_MILLIS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String ACCESS = """
            local   all         all      trust
            hostssl all         amy  all scram-sha-256
            host    all         amy  all reject
            host    all         all  all trust
            host    replication all  all trust
            """;

    private final Story story = new Story();
    private final PgInstance one;
    private final JdbcApplication application;

    JdbcStage() throws IOException, ClassNotFoundException {
        try {
            openssl(
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
                    "/CN=The test's authority",
                    "-keyout",
                    "ca.key",
                    "-out",
                    "ca.crt");
            story.with("ssl", "on")
                    .with("hba_file", Files.writeString(file("hba"), ACCESS).toString());
            certify("one", "db1");
            one = story.startPrimary();
            one.sql("CREATE ROLE amy LOGIN PASSWORD '" + PASSWORD + "'");
            certify("two", "elsewhere");
            PgInstance two = story.startStandby(one);
            story.configureConmgr(INTERVAL_MILLIS, TIMEOUT_MILLIS, one, two);
            nameInstances(story.db1(), story.db2());
            startConmgr();
            application = JdbcApplication.on(story.app());
        } catch (Throwable e) {
            story.close();
            throw e;
        }
    }

    Story story() {
        return story;
    }

    PgInstance one() {
        return one;
    }

    JdbcApplication application() {
        return application;
    }

    /** Parameters for TLS with our authority. */
    static String tls(JdbcStage stage, String mode) {
        return "&sslmode=" + mode + "&sslrootcert=" + stage.file("ca.crt");
    }

    /** Starts conmgr and blocks until it hears both instances. */
    void startConmgr() {
        story.cmCtl("start", "--complete").expectSuccess();
        Await.until("conmgr hears both", LIMIT, () -> instances("ALIVE") == 2);
    }

    /** How many instances are in that state for conmgr. */
    long instances(String state) {
        return story.cmCtl("status")
                .out()
                .lines()
                .filter(line -> line.contains(state))
                .count();
    }

    /** Sends a signal to conmgr. */
    void signalConmgr(String name) {
        story.app().exec("kill", "-" + name, Long.toString(story.conmgrPid())).expectSuccess();
    }

    private Path file(String name) {
        return story.db1().folder().resolve(name);
    }

    private void nameInstances(LabHost... hosts) throws IOException {
        Path file = story.conmgrFolder().resolve("conmgr.conf");
        String text = Files.readString(file);
        for (LabHost host : hosts) {
            text = text.replace("'" + host.address() + "'", host.name());
        }
        Files.writeString(file, text);
    }

    /** A certificate for that name alone; the instance that is started next uses it. */
    private void certify(String instance, String name) {
        try {
            Files.writeString(file(instance + ".ext"), "subjectAltName=DNS:" + name + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the certificate's extension", e);
        }
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-keyout",
                instance + ".key",
                "-out",
                instance + ".csr");
        openssl(
                "x509",
                "-req",
                "-in",
                instance + ".csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                instance + ".ext",
                "-out",
                instance + ".crt");
        story.with("ssl_cert_file", file(instance + ".crt").toString());
        story.with("ssl_key_file", file(instance + ".key").toString());
    }

    private void openssl(String... arguments) {
        String folder = story.db1().folder().toString();
        List<String> argv = List.of("sh", "-c", "cd \"$0\" && exec openssl \"$@\"", folder);
        Machine.LOCAL
                .run(
                        Account.POSTGRES,
                        Stream.concat(argv.stream(), Arrays.stream(arguments)).toList())
                .expectSuccess();
    }

    @Override
    public void close() {
        application.close();
        story.close();
    }
}
