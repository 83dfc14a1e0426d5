package io.github.pgconmgr.ctl;

import io.github.pgconmgr.daemon.StartException;
import java.io.IOException;

/** {@code cm_ctl restart}: looks whether a start can succeed, stops, starts. Confined to the main thread. */
final class RestartCommand {

    private final StartCommand start;
    private final StopCommand stop;
    private final CtlConsole console;

    /**
     * @param stop made for a restart, so that the instances wait for the successor
     */
    RestartCommand(StartCommand start, StopCommand stop, CtlConsole console) {
        this.start = start;
        this.stop = stop;
        this.console = console;
    }

    int run() throws IOException, InterruptedException, StartException {
        if (!start.isPossible()) {
            console.complain("conmgr was not restarted");
            return ExitCode.FAILURE;
        }
        try {
            int stopped = stop.stop();
            if (stopped != ExitCode.OK) {
                return stopped;
            }
        } catch (NotRunningException e) {
            console.complain("no conmgr is running there; starting one");
        }
        return start.run();
    }
}
