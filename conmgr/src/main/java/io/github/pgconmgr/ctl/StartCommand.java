package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.AwaitScope;
import io.github.pgconmgr.admin.ControlRequest;
import io.github.pgconmgr.admin.StatusFormat;
import io.github.pgconmgr.admin.StatusScope;
import io.github.pgconmgr.config.ConfigException;
import io.github.pgconmgr.config.ConfigLoader;
import io.github.pgconmgr.config.LoadedConfig;
import io.github.pgconmgr.daemon.ConmgrDirectory;
import io.github.pgconmgr.daemon.ProcessUser;
import io.github.pgconmgr.daemon.StartException;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code cm_ctl start} (C8): checks, starts the daemon, waits for the heartbeat. Confined to the main thread. */
final class StartCommand {

    /** The usual name of the log in the conmgr directory. */
    static final String LOG_FILE_NAME = "conmgr.log";

    /** Between two looks whether the control socket is there; the daemon's death ends the wait at once. */
    private static final long LOOK_MILLIS = 15;

    /** What no healthy file system has left: conmgr's own files need about 100 bytes. */
    private static final long LITTLE_SPACE_BYTES = 4096;

    private static final Duration STATUS_LIMIT = Duration.ofSeconds(5);

    /**
     * What to start and what to wait for. Immutable.
     *
     * @param waits whether to wait for heartbeats; for the daemon itself it always waits
     */
    record Options(Path directory, boolean waits, AwaitScope scope, Duration limit, Path logFile) {}

    private final Options options;
    private final CtlConsole console;
    private final ProcessUser user;

    StartCommand(Options options, ProcessUser user, CtlConsole console) {
        this.options = options;
        this.user = user;
        this.console = console;
    }

    int run() throws IOException, InterruptedException, StartException {
        if (!isPossible()) {
            console.complain("conmgr was not started");
            return ExitCode.FAILURE;
        }
        refuseSecond();
        Deadline deadline = Deadline.in(options.limit, NanoClock.SYSTEM);
        LogTail tail = LogTail.from(options.logFile);
        Process daemon = DaemonCommand.spawn(options.directory, options.logFile);
        ControlRequest request = options.waits ? new ControlRequest.Await(options.scope) : new ControlRequest.Version();
        try (ControlClient client = awaitSocket(daemon, request, deadline)) {
            if (client.awaitReply(deadline).ok()) {
                console.say(
                        options.waits
                                ? "conmgr started (PID " + daemon.pid() + "), " + awaited() + " stands"
                                : "conmgr started (PID " + daemon.pid() + ")");
                return ExitCode.OK;
            }
            return died(daemon, tail);
        } catch (NotRunningException e) {
            return died(daemon, tail);
        } catch (TimeoutException e) {
            return limitPassed();
        }
    }

    /**
     * Looks at user, directory and file, and complains about the file.
     *
     * @throws StartException about the user or the directory
     */
    boolean isPossible() throws StartException {
        user.refuseRoot();
        ConmgrDirectory.check(options.directory);

        try {
            LoadedConfig loaded = ConfigLoader.load(options.directory);
            loaded.warnings().forEach(warning -> console.complain("WARNING: " + warning));
            return true;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> console.complain(problem.toString()));
            return false;
        }
    }

    private void refuseSecond() throws IOException, StartException {
        try {
            ControlClient.send(options.directory, new ControlRequest.Version()).close();
            throw new StartException(Message.ALREADY_RUNNING, options.directory, "");
        } catch (NotRunningException e) {
            // As it should be. Of two cm_ctl that both come here, the daemons' lock lets one through.
            return;
        }
    }

    private ControlClient awaitSocket(Process daemon, ControlRequest request, Deadline deadline)
            throws IOException, InterruptedException, NotRunningException, TimeoutException {
        while (true) {
            try {
                return ControlClient.send(options.directory, request);
            } catch (NotRunningException e) {
                if (daemon.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw e;
                }
                if (deadline.hasPassed()) {
                    throw new TimeoutException();
                }
            }
        }
    }

    private int died(Process daemon, LogTail tail) throws IOException, InterruptedException {
        String end = daemon.waitFor(1, TimeUnit.SECONDS) ? " (exit code " + daemon.exitValue() + ")" : "";
        console.complain("conmgr ended while it started" + end + "; its last log lines:");
        tail.lastLines().forEach(console.err()::println);
        if (Files.getFileStore(options.directory).getUsableSpace() < LITTLE_SPACE_BYTES) {
            // Then the log has no lines to tell it.
            console.complain("the file system of directory \"" + options.directory + "\" is full");
        }
        return ExitCode.FAILURE;
    }

    private String awaited() {
        return options.scope == AwaitScope.ALL ? "the heartbeat to every instance" : "the heartbeat to the primary";
    }

    /** conmgr stays up (C8): the heartbeat may come later, and applications get an answer meanwhile. */
    private int limitPassed() throws IOException {
        console.complain(awaited() + " did not stand within " + options.limit.toSeconds() + " s; conmgr stays up");
        try (ControlClient client = ControlClient.send(
                options.directory, new ControlRequest.Status(StatusScope.INSTANCE, StatusFormat.TEXT))) {
            console.err()
                    .print(client.awaitReply(Deadline.in(STATUS_LIMIT, NanoClock.SYSTEM))
                            .body());
        } catch (NotRunningException | TimeoutException e) {
            console.complain("conmgr does not answer; see " + options.logFile);
        }
        console.hint("Where no primary is configured, use -W. A watchdog needs two free slots of max_worker_processes;"
                + " without them the server's log says so.");
        return ExitCode.FAILURE;
    }
}
