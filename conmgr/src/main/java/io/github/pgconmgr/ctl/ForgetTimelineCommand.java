package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.ControlRequest;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * {@code cm_ctl forget-timeline}: the operator's way out when the wrong instance is fenced (ADR 8). Forgets only with
 * {@code --yes}; shows in any case what there is to forget. Confined to the main thread.
 */
final class ForgetTimelineCommand {

    /** Whose memory, and whether it is meant. Immutable. */
    record Options(Path directory, boolean yes, Duration limit) {}

    private final Options options;
    private final CtlConsole console;

    ForgetTimelineCommand(Options options, CtlConsole console) {
        this.options = options;
        this.console = console;
    }

    int run() throws IOException {
        ControlRequest request = new ControlRequest.ForgetTimeline(options.yes);
        try (ControlClient client = ControlClient.send(options.directory, request)) {
            return show(client.awaitReply(Deadline.in(options.limit, NanoClock.SYSTEM)));
        } catch (NotRunningException e) {
            console.complain("no conmgr is running in directory \"" + options.directory + "\"");
            console.hint("Without conmgr, remove \"" + options.directory.resolve("conmgr.timeline")
                    + "\" to the same effect.");
        } catch (TimeoutException e) {
            console.complain("conmgr did not answer within " + options.limit.toSeconds() + " s");
        }
        return ExitCode.FAILURE;
    }

    private int show(Reply reply) {
        if (!reply.ok()) {
            console.complain(reply.reason());
            return ExitCode.FAILURE;
        }
        reply.body().lines().forEach(console::say);
        if (options.yes) {
            return ExitCode.OK;
        }
        console.complain("nothing was forgotten");
        console.hint("Stop the instance that must not be the primary: as long as it runs, what it says is learnt again."
                + " Then repeat the command with --yes.");
        return ExitCode.FAILURE;
    }
}
