package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.ControlRequest;
import io.github.pgconmgr.admin.StopMode;
import io.github.pgconmgr.daemon.ConmgrMain;
import io.github.pgconmgr.daemon.PidFile;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * {@code cm_ctl stop} (C9): asks conmgr to stop and waits until its process is gone, so that a start right behind it finds the
 * directory free. Confined to the main thread.
 */
final class StopCommand {

    /** A conmgr that has not ended by then after an immediate stop is stuck. */
    private static final Duration IMMEDIATE_LIMIT = Duration.ofSeconds(2);

    /**
     * What to stop, and how. Immutable.
     *
     * @param restart whether a start follows: the instances are told so
     */
    record Options(Path directory, boolean waits, StopMode mode, boolean restart, Duration limit) {}

    private final Options options;
    private final CtlConsole console;

    StopCommand(Options options, CtlConsole console) {
        this.options = options;
        this.console = console;
    }

    int run() throws IOException {
        try {
            return stop();
        } catch (NotRunningException e) {
            console.complain("no conmgr is running in directory \"" + options.directory + "\"");
            return ExitCode.FAILURE;
        }
    }

    /**
     * The same, where no conmgr may be running.
     *
     * @throws NotRunningException if none is
     */
    int stop() throws IOException, NotRunningException {
        // Read while it is there: conmgr removes it when it ends.
        Optional<ProcessHandle> process = PidFile.read(options.directory).flatMap(file -> ProcessHandle.of(file.pid()));
        Deadline deadline = Deadline.in(options.limit, NanoClock.SYSTEM);
        try (ControlClient client =
                ControlClient.send(options.directory, new ControlRequest.Stop(options.mode, options.restart))) {
            if (!options.waits) {
                console.say("conmgr is stopping");
                return ExitCode.OK;
            }
            return awaitEnd(client, process, deadline);
        }
    }

    /**
     * The connection ends with the process. The kernel closes descriptors in their order, and the lock's is the lower one: when
     * the end is seen here, the directory is free.
     */
    private int awaitEnd(ControlClient client, Optional<ProcessHandle> process, Deadline deadline)
            throws IOException, NotRunningException {
        try {
            boolean immediate = options.mode == StopMode.IMMEDIATE;
            Reply reply = client.awaitReply(immediate ? Deadline.in(IMMEDIATE_LIMIT, NanoClock.SYSTEM) : deadline);
            // Whoever ends at once may not get his answer out.
            if (!reply.ok() && !(immediate && reply.isMissing())) {
                console.complain("conmgr was not stopped: " + reply.reason());
                return ExitCode.FAILURE;
            }
        } catch (TimeoutException e) {
            return limitPassed(process);
        }
        console.say("conmgr stopped");
        return ExitCode.OK;
    }

    /** A pid file that a crash left may name a number that another program has by now. */
    private static boolean isConmgr(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .contains(ConmgrMain.class.getName());
        } catch (IOException e) {
            return false;
        }
    }

    private int limitPassed(Optional<ProcessHandle> process) {
        if (options.mode == StopMode.IMMEDIATE && process.isPresent() && isConmgr(process.get())) {
            // Somebody holds the control socket; a process that is stopped or stuck reads no request.
            process.get().destroyForcibly();
            console.say(
                    "conmgr did not answer and was killed (PID " + process.get().pid() + ")");
            return ExitCode.OK;
        }
        console.complain("conmgr did not stop within " + options.limit.toSeconds() + " s");
        if (options.mode == StopMode.SMART) {
            console.hint("A smart stop waits until no application holds a connection; -m fast does not.");
        }
        return ExitCode.FAILURE;
    }
}
