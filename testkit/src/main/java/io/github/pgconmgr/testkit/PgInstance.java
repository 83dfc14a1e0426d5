package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL server of a test, owned by a {@link PgCluster}. It listens on TCP as its machine says and on a Unix socket,
 * over which the test's own sessions come: they have no client address, so nothing we test ever ends them.
 *
 * <p>Confined to the test's thread.
 */
public final class PgInstance {

    /** How to stop. */
    public enum StopMode {
        /** Waits for the clients to leave. */
        SMART,
        /** Disconnects the clients. */
        FAST,
        /** As after a crash. */
        IMMEDIATE
    }

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LONGEST_SOCKET_FOLDER = 85;
    // The children are gone when they are zombies; the postmaster itself is collected by us.
    private static final String KILL = """
            children=$(ps -o pid= --ppid $1)
            # None may see another's end: a server process says a last word when its postmaster is gone.
            kill -STOP $children
            kill -KILL $1 $children
            for try in $(seq 1000); do
              left=
              for pid in $children; do
                if grep -qs '^State:.[^ZX]' /proc/$pid/status; then left=$pid; fi
              done
              [ -n "$left" ] || exit 0
            done
            exit 1
            """;

    private final PgInstall install;
    private final String name;
    private final Machine machine;
    private final int port;
    private final Path folder;
    private final Map<String, String> settings;
    private @Nullable Program postmaster;

    PgInstance(PgInstall install, String name, Machine machine, Path folder, Map<String, String> settings) {
        this.install = install;
        this.name = name;
        this.machine = machine;
        this.port = machine.portOr(27500);
        this.folder = folder;
        this.settings = new TreeMap<>(settings);
        this.settings.putIfAbsent("port", Integer.toString(port));
        this.settings.putIfAbsent("listen_addresses", machine.listenAddresses());
        this.settings.putIfAbsent("cluster_name", name);
        JavaHost.complete(this.settings);
        this.settings.put("unix_socket_directories", folder.toString());
        if (folder.toString().length() > LONGEST_SOCKET_FOLDER) {
            throw new AssertionError(
                    "the path is too long for a Unix socket: " + folder + "; use a shorter checkout path");
        }
    }

    /** Its name: cluster_name, and so the name that a synchronous primary knows this standby by. */
    public String name() {
        return name;
    }

    /** Where it runs. */
    public Machine machine() {
        return machine;
    }

    /** Where its watchdog's Java runs. */
    public JavaHost javaHost() {
        return JavaHost.of(settings);
    }

    /** The address that others reach it at. */
    public String address() {
        return machine.address();
    }

    /** Its TCP port. */
    public int port() {
        return port;
    }

    /** Its data directory. */
    public Path data() {
        return folder.resolve("data");
    }

    /** The directory of its Unix socket. */
    public Path socketFolder() {
        return folder;
    }

    /** Its log, over all its starts. */
    public ServerLog log() {
        return new ServerLog(folder.resolve("log"));
    }

    /** Changes a setting in postgresql.conf; takes effect at {@link #reload} or the next start, as PostgreSQL says. */
    public void set(String setting, String value) {
        settings.put(setting, value);
        PgSettings.write(data(), settings);
    }

    /** Starts it and blocks until it accepts connections (a standby: read-only ones). */
    public void start() {
        if (!tryStart()) {
            throw new AssertionError("instance " + name + " does not start:\n" + String.join("\n", log().lines()));
        }
    }

    /** Starts it and blocks until it accepts connections (true) or has ended (false, the log says why). */
    public boolean tryStart() {
        PgSettings.write(data(), settings);
        FileTime stale = pidFileTime();
        // Our own child, not pg_ctl's: so its end is collected also where process 1 does not care for orphans.
        Program started = Program.startAppending(
                machine, Account.POSTGRES, log().file(), List.of(install.program("postgres"), "-D", data().toString()));
        postmaster = started;
        return Await.value("instance " + name + " is ready or has ended", LIMIT, () -> {
            if (!started.isAlive()) {
                return false;
            }
            // In this order: what is read of a new file is not what a killed one has left in the old.
            boolean ready = !Objects.equals(stale, pidFileTime()) && "ready".equals(statusLine());
            return ready ? Boolean.TRUE : null;
        });
    }

    /** Stops it and blocks until it has ended. */
    public void stop(StopMode mode) {
        String word = switch (mode) {
            case SMART -> "smart";
            case FAST -> "fast";
            case IMMEDIATE -> "immediate";
        };
        pgCtl("-w", "-t", "60", "-m", word, "stop").expectSuccess();
        awaitEnd();
    }

    /** Stops it (fast) and starts it again. */
    public void restart() {
        stop(StopMode.FAST);
        start();
    }

    /** Ends its postmaster and all its children with SIGKILL at once and blocks until they are gone. */
    public void kill() {
        machine.run(Account.OURSELVES, List.of("bash", "-c", KILL, "kill", Long.toString(pid())))
                .expectSuccess();
        awaitEnd();
    }

    private void awaitEnd() {
        if (postmaster != null) {
            postmaster.awaitExit(LIMIT);
        }
    }

    /** Makes it read its configuration again; returns when the signal is sent. */
    public void reload() {
        pgCtl("reload").expectSuccess();
    }

    /** Promotes a standby and blocks until it is a primary. */
    public void promote() {
        if (!sql("SELECT pg_promote(true, 60)").equals("t")) {
            throw new AssertionError("instance " + name + " was not promoted within 60 s");
        }
    }

    /** Whether its postmaster runs. */
    public boolean isRunning() {
        return postmaster != null && postmaster.isAlive();
    }

    /** The postmaster's process id as its machine numbers it. */
    public long pid() {
        String line = pidFileLine(1);
        if (line == null) {
            throw new AssertionError("instance " + name + " does not run");
        }
        return Long.parseLong(line);
    }

    /** The status in postmaster.pid: starting, stopping, ready or standby; null without such a file. */
    public @Nullable String statusLine() {
        return pidFileLine(8);
    }

    /** Runs SQL over the Unix socket as the superuser and gives its rows: columns by {@code |}, rows by line ends. */
    public String sql(String sql) {
        return psql("postgres", sql).expectSuccess().out().strip();
    }

    /** Runs several statements over the Unix socket, each in a transaction of its own, and gives all their rows. */
    public String sql(String first, String second) {
        List<String> argv = psqlCommand("postgres", "-c", first, "-c", second);
        return Command.run(LIMIT, argv).expectSuccess().out().strip();
    }

    /** Runs SQL in that database; for statements that are expected to fail. */
    public Finished psql(String database, String sql) {
        return Command.run(LIMIT, psqlCommand(database, "-c", sql));
    }

    /** The command line of a psql on the Unix socket, to be started by {@link Program#start} on {@link Machine#LOCAL}. */
    public List<String> psqlCommand(String database, String... more) {
        List<String> argv = new ArrayList<>(List.of(install.program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1"));
        argv.addAll(List.of("-h", folder.toString(), "-p", Integer.toString(port), "-U", "postgres", "-d", database));
        argv.addAll(List.of(more));
        return argv;
    }

    /** Ends it in whatever state it is, and removes what a killed one leaves behind. */
    void destroy() {
        try {
            if (isRunning()
                    && pgCtl("-w", "-t", "20", "-m", "immediate", "stop").exit() != 0) {
                kill();
            }
            String sharedMemory = pidFileLine(7);
            if (sharedMemory != null) {
                String id = sharedMemory.strip().replaceFirst(".*\\s", "");
                machine.run(Account.OURSELVES, List.of("ipcrm", "-m", id));
            }
        } catch (IllegalStateException switchedOff) {
            // Its host has no power: nothing runs there, and its memory went with it.
        }
    }

    private Finished pgCtl(String... arguments) {
        List<String> argv = new ArrayList<>(List.of(install.program("pg_ctl"), "-D", data().toString()));
        argv.addAll(List.of(arguments));
        return machine.run(Account.POSTGRES, Duration.ofSeconds(90), argv);
    }

    private @Nullable FileTime pidFileTime() {
        try {
            return Files.getLastModifiedTime(data().resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read postmaster.pid of " + name, e);
        }
    }

    private @Nullable String pidFileLine(int number) {
        try {
            List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
            return lines.size() < number ? null : lines.get(number - 1).strip();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read postmaster.pid of " + name, e);
        }
    }
}
