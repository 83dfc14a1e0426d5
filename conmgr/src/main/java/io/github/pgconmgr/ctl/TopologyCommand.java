package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.ControlRequest;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** {@code cm_ctl topology}: prints the picture once, or again and again until it is interrupted. Confined to the main thread. */
final class TopologyCommand {

    /** Cursor home, and everything behind it cleared: as top and watch do. */
    private static final String CLEAR = "\033[H\033[2J";

    /**
     * Whose picture, and how often. Immutable.
     *
     * @param pause between two pictures, if it is watched
     */
    record Options(Path directory, boolean watch, Duration pause, Duration limit) {}

    private final Options options;
    private final CtlConsole console;
    private final boolean terminal;

    TopologyCommand(Options options, CtlConsole console) {
        this.options = options;
        this.console = console;
        this.terminal = isTerminal();
    }

    /** Whether somebody looks at it: each picture then takes the place of the one before. Linux only, as conmgr is. */
    private static boolean isTerminal() {
        try {
            String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return output.startsWith("/dev/pts/") || output.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    int run() throws IOException {
        int code = show();
        while (options.watch && code == ExitCode.OK && !console.out().checkError()) {
            LockSupport.parkNanos(options.pause.toNanos());
            code = show();
        }
        return code;
    }

    private int show() throws IOException {
        try (ControlClient client = ControlClient.send(options.directory, new ControlRequest.Topology())) {
            Reply reply = client.awaitReply(Deadline.in(options.limit, NanoClock.SYSTEM));
            if (!reply.ok()) {
                console.complain(reply.reason());
                return ExitCode.FAILURE;
            }
            console.out().print(options.watch && terminal ? CLEAR + reply.body() : reply.body());
            console.out().flush();
            return ExitCode.OK;
        } catch (NotRunningException e) {
            console.say("no conmgr is running in directory \"" + options.directory + "\"");
            return ExitCode.NOT_RUNNING;
        } catch (TimeoutException e) {
            console.complain("conmgr is running, but did not answer within " + options.limit.toSeconds() + " s");
            return ExitCode.FAILURE;
        }
    }
}
