package io.github.pgconmgr.faults;

import io.github.pgconmgr.faults.load.JdbcLoad;
import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A host with a conmgr and half of the load: a JVM with the JDBC driver, a program with libpq.
 *
 * <p>Confined to its lab's thread. Everything ends with the host.
 */
public final class ApplicationHost {

    /** conmgr's port. */
    public static final int PORT = 27546;

    /** Connections of each of the two programs. */
    public static final int WRITERS = 15;

    /** Connections of each of the two programs that read. */
    public static final int READERS = 10;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LabHost host;
    private final String sleepSeconds;
    private final Path folder;
    private final List<Tail> load;
    private final Tail log;
    private List<String> configuration = List.of();
    private int generation;

    /**
     * @param sleepSeconds how long a statement of the load takes
     */
    ApplicationHost(LabHost host, String sleepSeconds) {
        this.sleepSeconds = sleepSeconds;
        this.host = host;
        this.folder = folder(host);
        this.load = List.of(
                new Tail(() -> host.folder().resolve("jdbc.log")),
                new Tail(() -> host.folder().resolve("libpq.log")));
        this.log = new Tail(() -> outside().resolve("conmgr.log"));
    }

    static Path folder(LabHost host) {
        return host.folder().resolve("conmgr");
    }

    /** conmgr's directory as this machine sees it, also where a disk of the host's is mounted there. */
    private Path outside() {
        return host.isOn() ? Path.of("/proc/" + host.initPid() + "/root" + folder) : folder;
    }

    /** The host. */
    public LabHost host() {
        return host;
    }

    /** conmgr's directory. */
    public Path folder() {
        return folder;
    }

    /** How many connections the load has here. */
    public static int connections() {
        return 2 * (WRITERS + READERS);
    }

    /** Writes conmgr.conf. */
    void configure(List<String> lines) {
        try {
            Files.createDirectories(outside());
            Files.writeString(outside().resolve("conmgr.conf"), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write conmgr.conf", e);
        }
        configuration = lines;
        Account.NOBODY.own(outside());
    }

    /** Writes conmgr.conf again: a disk that was mounted anew is empty. */
    void configureAgain() {
        configure(configuration);
    }

    /** A second conmgr on the same host, without load: its directory is "conmgr2". */
    void startSecondConmgr() {
        Path second = host.folder().resolve("conmgr2");
        List<String> lines = new ArrayList<>(configuration);
        lines.set(0, "port = " + (PORT + 1));
        try {
            Files.createDirectories(second);
            Files.writeString(second.resolve("conmgr.conf"), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write conmgr.conf", e);
        }
        Account.NOBODY.own(second);
        host.run(Account.NOBODY, LIMIT, List.of(program("cm_ctl"), "start", "-D", second.toString()))
                .expectSuccess();
    }

    private static String program(String name) {
        return BuildFolder.installed("bin").resolve(name).toString();
    }

    /** Sends the second conmgr a signal. */
    void signalSecondConmgr(String signal) {
        Path pidFile = host.folder().resolve("conmgr2/conmgr.pid");
        host.exec("sh", "-c", "kill -" + signal + " $(head -1 " + pidFile + ")").expectSuccess();
    }

    /** Limits conmgr's open files (the soft limit, as its owner may); what is open stays open. */
    void limitDescriptors(String limit) {
        String command = "prlimit --nofile=" + limit + ": --pid $(head -1 " + folder.resolve("conmgr.pid") + ")";
        host.run(Account.NOBODY, List.of("sh", "-c", command)).expectSuccess();
    }

    /** Fills what is left of the disk under conmgr's directory. */
    void fillDisk() {
        host.exec("sh", "-c", "cat /dev/zero >" + folder.resolve("filling"));
    }

    /** Gives it back. */
    void freeDisk() {
        host.exec("rm", folder.resolve("filling").toString()).expectSuccess();
    }

    /** Starts conmgr and blocks until it runs; it may not have heard any instance yet. */
    void startConmgr() {
        // Not until it hears the primary: that may be what is broken.
        cmCtl("start", "-W").expectSuccess();
    }

    /** Runs cm_ctl as an ordinary user. */
    public Finished cmCtl(String command, String... more) {
        List<String> argv = new ArrayList<>(List.of(program("cm_ctl"), command, "-D", folder.toString()));
        argv.addAll(List.of(more));
        return host.run(Account.NOBODY, LIMIT, argv);
    }

    /** Sends conmgr a signal; a process that has ended is no error. */
    void signalConmgr(String signal) {
        host.exec("sh", "-c", "kill -" + signal + " $(head -1 " + folder.resolve("conmgr.pid") + ")");
    }

    /** Starts the load; its transfers get numbers that no start before has had. */
    void startLoad() {
        String first = Integer.toString(generation++ * 1_000_000);
        start("jdbc", jdbc(host.name() + "-j", first));
        start("libpq", libpq(host.name() + "-q", first));
    }

    private Program start(String name, List<String> argv) {
        return host.start(Account.NOBODY, name, argv);
    }

    private List<String> jdbc(String name, String first) {
        List<String> argv = new ArrayList<>(JavaCommand.of(96, Story.classPath(), JdbcLoad.class.getName()));
        argv.add(1, "-Xss256k");
        argv.addAll(arguments(name, first));
        return argv;
    }

    private List<String> libpq(String name, String first) {
        List<String> argv = new ArrayList<>(List.of("env", "HOME=" + host.folder()));
        argv.add(program("conmgr-exec"));
        argv.add(BuildFolder.build("tools/load").toString());
        argv.addAll(arguments(name, first));
        return argv;
    }

    private List<String> arguments(String name, String first) {
        return List.of(
                name,
                Integer.toString(PORT),
                Integer.toString(WRITERS),
                Integer.toString(READERS),
                first,
                sleepSeconds);
    }

    /** What the load has said since the last call. */
    List<LoadEvent> events() {
        return load.stream()
                .flatMap(tail -> tail.lines().stream())
                .flatMap(line -> LoadEvent.parse(line).stream())
                .toList();
    }

    /** What conmgr has logged since the last call. */
    List<String> logged() {
        return log.lines();
    }
}
