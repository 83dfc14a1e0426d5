package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.ControlRequest;
import io.github.pgconmgr.daemon.Version;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** {@code cm_ctl version}: after an upgrade the conmgr that runs is the old one until its restart. Confined to the main thread. */
final class VersionCommand {

    /** Whom to ask; an empty path for nobody. Immutable. */
    record Options(Path directory, Duration limit) {}

    private final Options options;
    private final CtlConsole console;

    VersionCommand(Options options, CtlConsole console) {
        this.options = options;
        this.console = console;
    }

    int run() throws IOException {
        console.say("cm_ctl " + Version.NUMBER);
        if (options.directory.toString().isEmpty()) {
            return ExitCode.OK;
        }
        try (ControlClient client = ControlClient.send(options.directory, new ControlRequest.Version())) {
            Reply reply = client.awaitReply(Deadline.in(options.limit, NanoClock.SYSTEM));
            if (!reply.ok()) {
                console.complain(reply.reason());
                return ExitCode.FAILURE;
            }
            console.say("conmgr " + reply.body().strip());
            return ExitCode.OK;
        } catch (NotRunningException e) {
            console.say("no conmgr is running in directory \"" + options.directory + "\"");
            return ExitCode.NOT_RUNNING;
        } catch (TimeoutException e) {
            console.complain("conmgr did not answer within " + options.limit.toSeconds() + " s");
            return ExitCode.FAILURE;
        }
    }
}
