package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.ControlRequest;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** {@code cm_ctl reload}: asks conmgr to read its file again, and shows what came of it. Confined to the main thread. */
final class ReloadCommand {

    private static final String WARNING = "WARNING: ";

    /** Whom to ask, and how long to wait. Immutable. */
    record Options(Path directory, Duration limit) {}

    private final Options options;
    private final CtlConsole console;

    ReloadCommand(Options options, CtlConsole console) {
        this.options = options;
        this.console = console;
    }

    int run() throws IOException {
        try (ControlClient client = ControlClient.send(options.directory, new ControlRequest.Reload())) {
            return show(client.awaitReply(Deadline.in(options.limit, NanoClock.SYSTEM)));
        } catch (NotRunningException e) {
            console.complain("no conmgr is running in directory \"" + options.directory + "\"");
        } catch (TimeoutException e) {
            console.complain("conmgr did not answer within " + options.limit.toSeconds() + " s");
        }
        return ExitCode.FAILURE;
    }

    private int show(Reply reply) {
        if (!reply.ok()) {
            reply.body().lines().forEach(console::complain);
            console.complain(reply.reason());
            return ExitCode.FAILURE;
        }
        reply.body().lines().filter(line -> !line.startsWith(WARNING)).forEach(console::say);
        reply.body().lines().filter(line -> line.startsWith(WARNING)).forEach(console::complain);
        console.say("conmgr has read its configuration file again");
        return ExitCode.OK;
    }
}
