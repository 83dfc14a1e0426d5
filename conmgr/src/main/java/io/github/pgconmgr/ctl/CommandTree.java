package io.github.pgconmgr.ctl;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * cm_ctl's commands and options, described to picocli by calls: annotations would cost their reflection at each start.
 * Stateless.
 */
final class CommandTree {

    static final String START = "start";
    static final String STOP = "stop";
    static final String STATUS = "status";
    static final String SHOW = "show";
    static final String CHECK = "check";

    static final String DIRECTORY = "-D";
    static final String NO_WAIT = "-W";
    static final String LIMIT = "-t";
    static final String COMPLETE = "--complete";
    static final String LOG = "-l";
    static final String MODE = "-m";
    static final String SCOPE = "-i";
    static final String HELP = "--help";
    static final String VERSION = "--version";

    /** Documented in requirements C8: the wait limit unless -t is given. */
    static final int DEFAULT_LIMIT_SECONDS = 60;

    private CommandTree() {}

    static CommandLine create() {
        CommandSpec root = CommandSpec.create().name("cm_ctl");
        root.usageMessage()
                .description("Starts, stops and shows the conmgr process of a directory.")
                .footer(
                        "",
                        "Exit codes: 0 done; 1 failed, or the wait limit passed;",
                        "of status: 3 no conmgr is running, 4 no accessible directory.");
        root.addOption(flag("show the version and end", "-V", VERSION));
        help(root);
        root.addSubcommand(START, start());
        root.addSubcommand(STOP, stop());
        root.addSubcommand(STATUS, status());
        root.addSubcommand(SHOW, show());
        root.addSubcommand(CHECK, check());
        return new CommandLine(root).setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static CommandSpec start() {
        CommandSpec spec = command("Starts conmgr in the background and waits for its heartbeats.");
        spec.addOption(flag("do not wait for heartbeats; needed where no primary is configured", NO_WAIT, "--no-wait"));
        spec.addOption(flag("wait for the heartbeat to every instance, not only to the primary", COMPLETE));
        spec.addOption(OptionSpec.builder(LOG, "--log")
                .type(Path.class)
                .paramLabel("FILE")
                .description("append conmgr's log to FILE (default: conmgr.log in the directory)")
                .build());
        return spec.addOption(limit("limit of the wait; conmgr stays up when it passes"));
    }

    private static CommandSpec stop() {
        CommandSpec spec = command("Stops conmgr and waits until its process has ended.");
        spec.addOption(flag("do not wait", NO_WAIT, "--no-wait"));
        spec.addOption(OptionSpec.builder(MODE, "--mode")
                .type(io.github.pgconmgr.admin.StopMode.class)
                .paramLabel("MODE")
                .defaultValue("fast")
                .description("smart: when no application holds a connection; fast: tell the applications and stop;"
                        + " immediate: end at once (default: ${DEFAULT-VALUE})")
                .build());
        return spec.addOption(limit("limit of the wait"));
    }

    private static CommandSpec status() {
        CommandSpec spec = command("Shows conmgr, its instances and the applications connected to it.");
        spec.addOption(OptionSpec.builder(SCOPE, "--information")
                .type(io.github.pgconmgr.admin.StatusScope.class)
                .paramLabel("WHAT")
                .defaultValue("all")
                .description("all, instance or application (default: ${DEFAULT-VALUE})")
                .build());
        return spec.addOption(limit("limit of the wait for the answer"));
    }

    private static CommandSpec show() {
        CommandSpec spec =
                command("Shows every parameter of the directory's conmgr.conf: its value, its default, the line"
                        + " that sets it, and whether a change takes a reload or a restart.");
        return spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(String.class)
                .paramLabel("NAME")
                .description("only the value of this parameter")
                .build());
    }

    private static CommandSpec check() {
        CommandSpec spec =
                command("Tells what is wrong with a configuration file; starts nothing. Exit code 0: it can be"
                        + " used, perhaps with warnings; 1: it cannot.");
        return spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(Path.class)
                .paramLabel("FILE")
                .description("the file (default: conmgr.conf in the directory)")
                .build());
    }

    private static CommandSpec command(String description) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description(description);
        help(spec);
        spec.addOption(OptionSpec.builder(DIRECTORY, "--directory")
                .type(Path.class)
                .paramLabel("DIR")
                .description("the conmgr directory (default: environment variable CMDATA)")
                .build());
        return spec;
    }

    private static void help(CommandSpec spec) {
        spec.addOption(flag("show this help and end", "-?", "-h", HELP));
    }

    private static OptionSpec limit(String description) {
        return OptionSpec.builder(LIMIT, "--timeout")
                .type(int.class)
                .paramLabel("SECONDS")
                .defaultValue(Integer.toString(DEFAULT_LIMIT_SECONDS))
                .description(description + " (default: ${DEFAULT-VALUE})")
                .build();
    }

    private static OptionSpec flag(String description, String name, String... moreNames) {
        String[] names = new String[moreNames.length + 1];
        names[0] = name;
        System.arraycopy(moreNames, 0, names, 1, moreNames.length);
        return OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }
}
