package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private final PgInstall install;
    private final String name;
    private final Machine machine;
    private final int port;
    private final Path folder;
    private final Map<String, String> settings;

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
        Finished started = tryStart();
        if (started.exit() != 0) {
            throw new AssertionError("instance " + name + " does not start: " + started.out() + started.err()
                    + String.join("\n", log().lines()));
        }
        Await.until("instance " + name + " is ready", LIMIT, () -> "ready".equals(statusLine()));
    }

    /** Starts it and says how pg_ctl ended; for instances that are expected to fail. */
    public Finished tryStart() {
        PgSettings.write(data(), settings);
        return pgCtl("-w", "-t", "60", "-l", log().file().toString(), "start");
    }

    /** Stops it and blocks until it has ended. */
    public void stop(StopMode mode) {
        String word = switch (mode) {
            case SMART -> "smart";
            case FAST -> "fast";
            case IMMEDIATE -> "immediate";
        };
        pgCtl("-w", "-t", "60", "-m", word, "stop").expectSuccess();
    }

    /** Stops it (fast) and starts it again. */
    public void restart() {
        stop(StopMode.FAST);
        start();
    }

    /** Ends its postmaster and all its children with SIGKILL at once and blocks until they are gone. */
    public void kill() {
        long postmaster = pid();
        String script = """
                all="$1 $(ps -o pid= --ppid $1 | tr '\\n' ' ')"
                kill -KILL $all
                for try in $(seq 500); do
                  left=
                  for pid in $all; do if [ -d /proc/$pid ]; then left=$pid; fi; done
                  [ -n "$left" ] || exit 0
                  read -t 0.02 -r _ <> <(:) || true
                done
                exit 1
                """;
        machine.run(Account.OURSELVES, List.of("bash", "-c", script, "kill", Long.toString(postmaster)))
                .expectSuccess();
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
        return Files.exists(data().resolve("postmaster.pid")) && pgCtl("status").exit() == 0;
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
