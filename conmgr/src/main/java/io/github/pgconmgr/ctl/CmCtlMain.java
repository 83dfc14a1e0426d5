package io.github.pgconmgr.ctl;

import io.github.pgconmgr.daemon.ConmgrMain;
import io.github.pgconmgr.daemon.ProcessUser;
import io.github.pgconmgr.daemon.StartException;
import io.github.pgconmgr.daemon.Version;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine;

/** The command cm_ctl: options to one of its commands, outcome to an exit code. */
public final class CmCtlMain {

    private final CtlConsole console;
    private final Map<String, String> environment;
    private final ProcessUser user;

    CmCtlMain(CtlConsole console, Map<String, String> environment, ProcessUser user) {
        this.console = console;
        this.environment = environment;
        this.user = user;
    }

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) throws IOException {
        CtlConsole console = new CtlConsole(System.out, System.err);
        System.exit(new CmCtlMain(console, System.getenv(), ProcessUser.current()).run(arguments));
    }

    int run(String... arguments) {
        CommandLine tree = CommandTree.create();
        try {
            return run(tree, tree.parseArgs(arguments));
        } catch (CommandLine.ParameterException e) {
            console.complain(String.valueOf(e.getMessage()));
            console.hint("Try \"cm_ctl --help\".");
            return ExitCode.FAILURE;
        }
    }

    private int run(CommandLine tree, CommandLine.ParseResult parsed) {
        CommandLine.ParseResult command = parsed.subcommand();
        if (isSet(parsed, CommandTree.VERSION)) {
            console.say("cm_ctl " + Version.NUMBER);
            return ExitCode.OK;
        }
        if (isSet(parsed, CommandTree.HELP) || (command != null && isSet(command, CommandTree.HELP))) {
            (command == null ? tree : command.commandSpec().commandLine()).usage(console.out());
            return ExitCode.OK;
        }
        if (command == null) {
            tree.usage(console.err());
            return ExitCode.FAILURE;
        }
        return runGuarded(command);
    }

    private int runGuarded(CommandLine.ParseResult command) {
        CtlOptions options = new CtlOptions(command, environment.getOrDefault(ConmgrMain.DIRECTORY_VARIABLE, ""));
        try {
            return switch (command.commandSpec().name()) {
                case CommandTree.START -> new StartCommand(options.start(), user, console).run();
                case CommandTree.SHOW -> new ShowCommand(options.show(), console).run();
                case CommandTree.CHECK -> new CheckCommand(options.check(), console).run();
                case CommandTree.STOP -> new StopCommand(options.stop(), console).run();
                case CommandTree.RESTART ->
                    new RestartCommand(
                                    new StartCommand(options.start(), user, console),
                                    new StopCommand(options.stopForRestart(), console),
                                    console)
                            .run();
                case CommandTree.RELOAD -> new ReloadCommand(options.reload(), console).run();
                case CommandTree.TOPOLOGY -> new TopologyCommand(options.topology(), console).run();
                case CommandTree.FORGET_TIMELINE -> new ForgetTimelineCommand(options.forgetTimeline(), console).run();
                case CommandTree.VERSION_COMMAND -> new VersionCommand(options.version(), console).run();
                default -> new StatusCommand(options.status(), console).run();
            };
        } catch (StartException e) {
            console.complain(String.valueOf(e.getMessage()));
            console.hint(e.reason().hint());
            boolean status = command.commandSpec().name().equals(CommandTree.STATUS);
            return status ? ExitCode.NO_DIRECTORY : ExitCode.FAILURE;
        } catch (IOException e) {
            console.complain(String.valueOf(e.getMessage()));
            return ExitCode.FAILURE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILURE;
        }
    }

    private static boolean isSet(CommandLine.ParseResult parsed, String flag) {
        return parsed.hasMatchedOption(flag);
    }
}
