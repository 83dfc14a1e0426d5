package io.github.pgconmgr.bench;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.ServerLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The hosts of a figure: a primary with the extension on db1, conmgr and the load on the application host, a second client
 * host (db2, which here has no instance).
 *
 * <p>Confined to the main thread. {@link #close} ends everything.
 */
final class Stage implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private final Story story;
    private final PgInstance primary;
    private final List<Program> loads = new ArrayList<>();

    /** A running primary, whose watchdog listens, that takes so many connections. */
    Stage(int maxConnections) {
        this(maxConnections, Map.of());
    }

    /** The same, with more settings and more hosts. */
    Stage(int maxConnections, Map<String, String> settings, String... moreHosts) {
        story = new Story(moreHosts);
        // The default; the tests look more often.
        story.with("watchdog.check_attr_interval", "1s");
        settings.forEach(story::with);
        story.with("max_connections", Integer.toString(maxConnections));
        primary = story.startPrimary();
        awaitNewLine(primary.log(), "listening for heartbeats", 0);
    }

    Story story() {
        return story;
    }

    PgInstance primary() {
        return primary;
    }

    /** The postmaster's process id on this machine. */
    long postmaster() {
        return ProcFs.theProcess(
                "the postmaster",
                argv -> argv.get(0).endsWith("/postgres")
                        && argv.contains(primary.data().toString()));
    }

    /** conmgr's process id on this machine. */
    long conmgr() {
        return ProcFs.theProcess(
                "conmgr",
                argv -> argv.stream().anyMatch(word -> word.endsWith(".ConmgrMain"))
                        && argv.contains(story.conmgrFolder().toString()));
    }

    /** Configures conmgr and starts it; returns when its heartbeat to the primary stands. */
    void startConmgr(int intervalMillis, int timeoutMillis) {
        story.configureConmgr(intervalMillis, timeoutMillis, primary);
        story.cmCtl("start").expectSuccess();
    }

    /** Adds lines to conmgr.conf, for the next start. */
    void addToConmgrConf(String lines) {
        try {
            Files.writeString(story.conmgrFolder().resolve("conmgr.conf"), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write conmgr.conf", e);
        }
    }

    ServerLog conmgrLog() {
        return new ServerLog(story.conmgrFolder().resolve("conmgr.log"));
    }

    /** Through conmgr. */
    static String conmgrUrl() {
        return Story.conmgrUrl("primary");
    }

    /** Stock pgjdbc, which asks the instance for the same thing. */
    String directUrl() {
        return "jdbc:postgresql://" + primary.address() + ":" + primary.port() + "/postgres?targetServerType=primary";
    }

    /** Starts a load in a process of its own. */
    LoadProcess start(LabHost host, Class<?> load, String... arguments) {
        Path module = BuildFolder.root().resolve("bench/target");
        String classPath = String.join(
                ":",
                module.resolve("classes").toString(),
                BuildFolder.installed("share/java/conmgr-jdbc.jar").toString(),
                module.resolve("lib") + "/*");
        List<String> argv = new ArrayList<>(java("-Xmx256m", "-Xss256k", "-cp", classPath, load.getName()));
        argv.addAll(List.of(arguments));
        return start(host, load.getSimpleName(), argv);
    }

    /** Starts any program as a load. */
    LoadProcess start(LabHost host, String name, List<String> argv) {
        Program program = host.start(Account.NOBODY, name + loads.size(), argv);
        loads.add(program);
        return new LoadProcess(program);
    }

    /** This Java, quiet and without what it would leave in the temporary folder. */
    static List<String> java(String... arguments) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:-UsePerfData"),
                        Stream.of(arguments))
                .toList();
    }

    /** Blocks until so many sessions of that host execute a statement. */
    void awaitBusySessions(LabHost host, int count) {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND client_addr = '" + host.address()
                + "'";
        Await.until(count + " sessions wait", LIMIT, () -> primary.sql(sql).equals(Integer.toString(count)));
    }

    /** Blocks until the log has more lines with that text than before; gives the newest. */
    static String awaitNewLine(ServerLog log, String text, int before) {
        return Await.value("a line with " + text, LIMIT, () -> {
            List<String> lines = log.linesWith(text);
            return lines.size() > before ? lines.get(lines.size() - 1) : null;
        });
    }

    @Override
    public void close() {
        loads.forEach(Program::close);
        story.close();
    }
}
