package io.github.pgconmgr.story;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.NetnsLab;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One application host and two database hosts, each with its own network, and our programs installed as {@code make install}
 * does it. The demo and the tests on real hosts are told on this stage.
 *
 * <p>Confined to the test's thread. {@link #close} ends everything and removes every file.
 */
public final class Story implements AutoCloseable {

    /** conmgr's port on the application host. */
    public static final int CONMGR_PORT = 27546;

    private final NetnsLab lab;
    private final PgCluster cluster = new PgCluster();
    private final List<Program> programs = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();
    private final Path conmgrFolder;

    /** Hosts without programs; more of them than the three, if they are named. */
    public Story(String... moreHosts) {
        lab = NetnsLab.of(Stream.concat(Stream.of("app", "db1", "db2"), Stream.of(moreHosts))
                .toArray(String[]::new));
        settings.put("shared_preload_libraries", "watchdog");
        settings.put("watchdog.check_attr_interval", "100ms");
        conmgrFolder = app().folder().resolve("conmgr");
    }

    /** The network. */
    public NetnsLab lab() {
        return lab;
    }

    /** Makes instances. */
    public PgCluster cluster() {
        return cluster;
    }

    /** The application host. */
    public LabHost app() {
        return lab.host("app");
    }

    /** The first database host. */
    public LabHost db1() {
        return lab.host("db1");
    }

    /** The second database host. */
    public LabHost db2() {
        return lab.host("db2");
    }

    /** A setting for the instances that are started from now on. */
    public Story with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** A running primary on db1, with the extension and the applications' table. */
    public PgInstance startPrimary() {
        PgInstance primary = cluster.primary("one", db1(), settings);
        primary.sql("CREATE EXTENSION watchdog; CREATE TABLE written (writer text, n bigint, PRIMARY KEY (writer, n))");
        return primary;
    }

    /** A running hot standby on db2. */
    public PgInstance startStandby(PgInstance primary) {
        return cluster.standby("two", db2(), primary, settings);
    }

    /** Writes conmgr.conf for the instances, with intervals in milliseconds. */
    public void configureConmgr(int intervalMillis, int timeoutMillis, PgInstance... instances) {
        StringBuilder text = new StringBuilder("port = " + CONMGR_PORT + "\n");
        for (int number = 0; number < instances.length; number++) {
            text.append("backend_host").append(number).append(" = '");
            text.append(instances[number].address()).append("'\n");
            text.append("backend_port").append(number).append(" = ");
            text.append(instances[number].port()).append('\n');
        }
        text.append("heartbeat_interval = ").append(intervalMillis).append("ms\n");
        text.append("heartbeat_timeout = ").append(timeoutMillis).append("ms\n");
        text.append("log_min_messages = LOG\n");
        try {
            Files.createDirectories(conmgrFolder);
            Files.writeString(conmgrFolder.resolve("conmgr.conf"), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write conmgr.conf", e);
        }
        Account.NOBODY.own(conmgrFolder);
    }

    /** conmgr's directory. */
    public Path conmgrFolder() {
        return conmgrFolder;
    }

    /** Runs cm_ctl on the application host, as an ordinary user. */
    public Finished cmCtl(String... arguments) {
        return cmCtl(Account.NOBODY, arguments);
    }

    /** Runs cm_ctl on the application host as that user. */
    public Finished cmCtl(Account account, String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(BuildFolder.installed("bin/cm_ctl").toString());
        argv.addAll(List.of(arguments));
        argv.addAll(List.of("-D", conmgrFolder.toString()));
        return app().run(account, Duration.ofSeconds(90), argv);
    }

    /** conmgr's process id. */
    public long conmgrPid() {
        try {
            return Long.parseLong(Files.readAllLines(conmgrFolder.resolve("conmgr.pid"))
                    .get(0)
                    .strip());
        } catch (IOException e) {
            throw new UncheckedIOException("no conmgr.pid", e);
        }
    }

    /** This module's programs, with the driver as it is installed. */
    public static List<Path> classPath() {
        Path module = BuildFolder.root().resolve("system-tests/target");
        return List.of(
                module.resolve("classes"),
                BuildFolder.installed("share/java/conmgr-jdbc.jar"),
                module.resolve("lib/*"));
    }

    /** Starts an {@link Application} on the application host. */
    public ApplicationProcess startApplication(String work, String name, String url) {
        List<String> argv = JavaCommand.of(64, classPath(), Application.class.getName(), work, name, url);
        Program program = app().start(Account.NOBODY, name, argv);
        programs.add(program);
        return new ApplicationProcess(program);
    }

    /** Starts psql on the application host with that SQL: through conmgr, at the primary. */
    public Program startPsql(String sql) {
        List<String> argv = List.of(
                "env",
                "HOME=" + app().folder(),
                BuildFolder.installed("bin/conmgr-exec").toString(),
                PgInstall.current().program("psql"),
                "-X",
                "host=localhost port=" + CONMGR_PORT + " user=postgres dbname=postgres target_session_attrs=primary",
                "-c",
                sql);
        Program program = app().start(Account.NOBODY, "psql", argv);
        programs.add(program);
        return program;
    }

    /** Starts psql as it is on the application host with that SQL: through conmgr's relay. */
    public Program startStockPsql(String sql) {
        List<String> argv = List.of(
                "env",
                "HOME=" + app().folder(),
                PgInstall.current().program("psql"),
                "-X",
                "host=localhost port=" + CONMGR_PORT + " user=postgres dbname=postgres",
                "-c",
                sql);
        Program program = app().start(Account.NOBODY, "stock-psql", argv);
        programs.add(program);
        return program;
    }

    /** The URL of stock pgjdbc through conmgr's relay, as if conmgr was PostgreSQL. */
    public static String relayUrl() {
        return "jdbc:postgresql://localhost:" + CONMGR_PORT + "/postgres";
    }

    /** The URL through conmgr. */
    public static String conmgrUrl(String targetServerType) {
        return "jdbc:conmgr://localhost:" + CONMGR_PORT + "/postgres?targetServerType=" + targetServerType;
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        cluster.close();
        lab.close();
    }
}
