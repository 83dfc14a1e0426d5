package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.ControlRequest;
import io.github.pgconmgr.admin.StatusFormat;
import io.github.pgconmgr.admin.StatusScope;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** {@code cm_ctl status} (C10): prints what conmgr says of itself. Confined to the main thread. */
final class StatusCommand {

    /** Whose status, and which part of it. Immutable. */
    record Options(Path directory, StatusScope scope, StatusFormat format, Duration limit) {}

    private final Options options;
    private final CtlConsole console;

    StatusCommand(Options options, CtlConsole console) {
        this.options = options;
        this.console = console;
    }

    int run() throws IOException {
        Path directory = options.directory;
        if (!Files.isDirectory(directory) || !Files.isExecutable(directory)) {
            console.complain("directory \"" + directory + "\" does not exist or is not accessible");
            return ExitCode.NO_DIRECTORY;
        }
        try (ControlClient client =
                ControlClient.send(directory, new ControlRequest.Status(options.scope, options.format))) {
            Reply reply = client.awaitReply(Deadline.in(options.limit, NanoClock.SYSTEM));
            if (!reply.ok()) {
                console.complain(reply.reason());
                return ExitCode.FAILURE;
            }
            console.out().print(reply.body());
            console.out().flush();
            return ExitCode.OK;
        } catch (NotRunningException e) {
            // A program that asked for JSON gets JSON or nothing on stdout; the exit code tells it.
            String line = "no conmgr is running in directory \"" + directory + "\"";
            if (options.format == StatusFormat.TEXT) {
                console.say(line);
            } else {
                console.complain(line);
            }
            return ExitCode.NOT_RUNNING;
        } catch (TimeoutException e) {
            console.complain("conmgr is running, but did not answer within " + options.limit.toSeconds() + " s");
            return ExitCode.FAILURE;
        }
    }
}
