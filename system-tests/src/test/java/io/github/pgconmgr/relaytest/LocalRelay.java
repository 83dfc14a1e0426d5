package io.github.pgconmgr.relaytest;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.ServerLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One instance and one conmgr on this machine, so that the test's own sockets reach both: the installed programs, checked by SQL. The roles
 * {@code app} (password {@code secret}) and {@code postgres}; the database {@code shop}. Up in two seconds.
 *
 * <p>Confined to the test's thread.
 */
final class LocalRelay implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);

    /** conmgr believes each client: whose tests are not about logins. */
    static final String[] TRUST = {"auth_type = trust"};

    private static final String HBA = """
            local all         all trust
            host  all         app 127.0.0.1/32 scram-sha-256
            host  all         all 127.0.0.1/32 trust
            host  replication all 127.0.0.1/32 trust
            """;

    private final PgCluster cluster = new PgCluster();
    private final Path folder = BuildFolder.scratch("relay");
    private final int port = FreePort.next();
    private final PgInstance instance;
    private final List<String> lines = new ArrayList<>();
    private int programs;

    /** An instance; no conmgr before {@link #start}. */
    LocalRelay() {
        try {
            Account.NOBODY.own(folder);
            instance = cluster.primary("one", Machine.LOCAL, Map.of("max_connections", "250"));
            instance.sql("CREATE ROLE app LOGIN PASSWORD 'secret'");
            instance.sql("CREATE DATABASE shop OWNER app");
            Files.writeString(instance.data().resolve("pg_hba.conf"), HBA);
            instance.reload();
            userList("\"app\" \"" + verifier() + "\"\n\"postgres\" \"\"\n");
            lines.addAll(backend(0, instance));
            lines.addAll(List.of(
                    "port = " + port,
                    "listen_addresses = 127.0.0.1",
                    "check_interval = 100",
                    "heartbeat_interval = 200ms",
                    "heartbeat_timeout = 2",
                    "log_min_messages = INFO"));
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException("cannot prepare the instance", e);
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** A standby of the instance besides, which conmgr knows from its next start on. */
    PgInstance addStandby() {
        PgInstance standby = cluster.standby("two", Machine.LOCAL, instance, Map.of("max_connections", "250"));
        lines.addAll(backend(1, standby));
        return standby;
    }

    private static List<String> backend(int number, PgInstance instance) {
        return List.of(
                "backend_hostaddr" + number + " = 127.0.0.1",
                "backend_port" + number + " = " + instance.port(),
                "backend_check" + number + " = sql",
                "check_conninfo" + number + " = 'user=postgres dbname=postgres'",
                // Nobody listens there, and nobody asks.
                "watchdog_port" + number + " = " + (1 + number));
    }

    /** The secret of {@code app}, as the instance has it. */
    String verifier() {
        return instance.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'");
    }

    /** What auth_file says from now on; conmgr reads it at its start or reload. */
    void userList(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("users"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Account.NOBODY.own(file);
    }

    /** Starts conmgr with the users of auth_file and these lines besides. */
    LocalRelay start(String... conf) {
        return startBy(List.of(), conf(conf, "auth_file = users"));
    }

    /** What conmgr.conf says from now on instead of what {@link #start} took; conmgr reads it at once. */
    void reload(String... conf) {
        configure(conf(conf, "auth_file = users"));
        ctl("reload").expectSuccess();
    }

    /** Starts one to which nobody proves anything: each login is end to end. */
    LocalRelay startEndToEnd(String... conf) {
        return startBy(List.of(), conf);
    }

    /** Starts conmgr by another command, such as one that limits it; its log begins anew. */
    LocalRelay startBy(List<String> starter, String... conf) {
        configure(conf);
        try {
            Files.deleteIfExists(log().file());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the last log", e);
        }
        List<String> argv = new ArrayList<>(starter);
        argv.addAll(ctlArguments("start", "--complete"));
        Machine.LOCAL.run(Account.NOBODY, LIMIT, argv).expectSuccess();
        return this;
    }

    static String[] conf(String[] lines, String... more) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** What is said again in more says it better. */
    private void configure(String... more) {
        Map<String, String> byName = new LinkedHashMap<>();
        Stream.concat(lines.stream(), Stream.of(more))
                .forEach(line -> byName.put(line.substring(0, line.indexOf(' ')), line));
        try {
            Files.write(folder.resolve("conmgr.conf"), byName.values());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write conmgr.conf", e);
        }
    }

    PgInstance instance() {
        return instance;
    }

    int port() {
        return port;
    }

    /** conmgr's directory. */
    Path folder() {
        return folder;
    }

    ServerLog log() {
        return new ServerLog(folder.resolve("conmgr.log"));
    }

    /** Blocks until so many lines of conmgr's log have the text: another thread writes them. */
    void awaitLog(String text, int number) {
        Await.until(
                number + " lines say: " + text,
                LIMIT,
                () -> log().linesWith(text).size() >= number);
    }

    private List<String> ctlArguments(String command, String... more) {
        List<String> argv = new ArrayList<>(
                List.of(BuildFolder.installed("bin/cm_ctl").toString(), command, "-D", folder.toString()));
        argv.addAll(List.of(more));
        return argv;
    }

    /** Runs cm_ctl to its end. */
    Finished ctl(String command, String... more) {
        return Machine.LOCAL.run(Account.NOBODY, LIMIT, ctlArguments(command, more));
    }

    /** Starts cm_ctl. */
    Program startCtl(String command, String... more) {
        return program(ctlArguments(command, more));
    }

    /** Starts a program of an ordinary user. */
    Program program(List<String> argv) {
        programs++;
        return Program.start(Machine.LOCAL, Account.NOBODY, folder.resolve("program-" + programs + ".log"), argv);
    }

    /** The command line of one of PostgreSQL's programs through the relay; arguments follow. */
    List<String> client(String program, String user, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                "env",
                "HOME=/nonexistent",
                "PGPASSWORD=secret",
                "PGHOST=127.0.0.1",
                "PGPORT=" + port,
                "PGUSER=" + user,
                "PGDATABASE=shop",
                PgInstall.current().program(program)));
        argv.addAll(List.of(arguments));
        return argv;
    }

    /** Runs psql through the relay, without headers. */
    Finished psql(String user, String... arguments) {
        List<String> argv = client("psql", user, "-XAtq");
        argv.addAll(List.of(arguments));
        return run(argv);
    }

    /** Runs a program of an ordinary user to its end. */
    Finished run(List<String> argv) {
        return Machine.LOCAL.run(Account.NOBODY, LIMIT, argv);
    }

    /** The URL of stock pgjdbc through the relay. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/shop";
    }

    /** A logged-in client of the role postgres, whom nobody asks for a password. */
    RawClient rawClient() throws IOException {
        return RawClient.loggedIn(port, "postgres", "shop");
    }

    /** conmgr's process id. */
    long pid() {
        try {
            return Long.parseLong(
                    Files.readAllLines(folder.resolve("conmgr.pid")).get(0).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("no conmgr.pid", e);
        }
    }

    /** How many sessions the instance has in that database. */
    int sessions(String database) {
        return Integer.parseInt(
                instance.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = '" + database + "'"));
    }

    /** Ends conmgr, whatever its clients say. */
    void stop() {
        ctl("stop", "-m", "immediate").expectSuccess();
    }

    @Override
    public void close() {
        try {
            if (Files.exists(folder.resolve("conmgr.pid"))) {
                ctl("stop", "-m", "immediate");
            }
        } finally {
            cluster.close();
            BuildFolder.delete(folder);
        }
    }
}
