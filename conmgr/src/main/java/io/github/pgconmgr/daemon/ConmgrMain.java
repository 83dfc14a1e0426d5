package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.DaemonLog;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/**
 * {@code conmgr -D dir}: the daemon in the foreground, its log on stderr. cm_ctl starts it in the background. Exit code 0
 * after a stop, 1 after a failure.
 */
public final class ConmgrMain {

    /** The environment variable that names the conmgr directory where -D does not. */
    public static final String DIRECTORY_VARIABLE = "CMDATA";

    private ConmgrMain() {}

    /** Runs until conmgr stops. */
    public static void main(String[] arguments) {
        DaemonLog log = DaemonLog.start(
                new FileOutputStream(FileDescriptor.err),
                ProcessHandle.current().pid());
        Thread.setDefaultUncaughtExceptionHandler((thread, exception) -> die(log, thread, exception));
        int exitCode = run(Arrays.asList(arguments), System.out, log);
        log.flush();
        System.exit(exitCode);
    }

    private static int run(List<String> arguments, PrintStream out, DaemonLog log) {
        if (arguments.contains("-?") || arguments.contains("--help")) {
            new CommandLine(ConmgrUsage.spec()).usage(out);
            return 0;
        }
        if (arguments.contains("-V") || arguments.contains("--version")) {
            out.println("conmgr " + Version.NUMBER);
            return 0;
        }
        try {
            runDaemon(directory(arguments), log);
            return 0;
        } catch (StartException e) {
            log.write(e.reason(), Daemon.COMPONENT, e.arguments());
        } catch (IOException | InterruptedException e) {
            log.write(Message.UNEXPECTED_EXCEPTION, Daemon.COMPONENT, "main", e);
        }
        return 1;
    }

    private static void runDaemon(Path directory, DaemonLog log)
            throws StartException, IOException, InterruptedException {
        try (NotifySocket notify = NotifySocket.open(System.getenv(NotifySocket.VARIABLE), log)) {
            runDaemon(directory, log, new ServiceManager(notify, NanoClock.SYSTEM));
        }
    }

    private static void runDaemon(Path directory, DaemonLog log, ServiceManager serviceManager)
            throws StartException, IOException, InterruptedException {
        Daemon daemon = new Daemon(
                directory,
                log,
                (loaded, heard) -> new NetworkParts(directory, loaded, heard),
                serviceManager,
                WallClock.SYSTEM.now());
        Signals.install(
                daemon::post, daemon::postReload, name -> log.write(Message.SIGNAL_IGNORED, Daemon.COMPONENT, name));
        daemon.run(ProcessUser.current());
    }

    private static Path directory(List<String> arguments) throws StartException {
        String variable = System.getenv(DIRECTORY_VARIABLE);
        if (arguments.size() == 2 && arguments.get(0).equals("-D")) {
            return Path.of(arguments.get(1));
        }
        if (!arguments.isEmpty()) {
            throw new StartException(Message.BAD_ARGUMENTS, String.join(" ", arguments));
        }
        if (variable == null || variable.isEmpty()) {
            throw new StartException(Message.NO_DIRECTORY);
        }
        return Path.of(variable);
    }

    /** Never half-alive: a loop that died takes the process with it, without waiting for what may be stuck. */
    private static void die(DaemonLog log, Thread thread, Throwable exception) {
        log.write(Message.UNEXPECTED_EXCEPTION, Daemon.COMPONENT, thread.getName(), exception);
        log.flush();
        Runtime.getRuntime().halt(1);
    }
}
