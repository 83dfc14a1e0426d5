package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.StatusFormat;
import io.github.pgconmgr.admin.StatusScope;
import io.github.pgconmgr.admin.StopMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * cm_ctl's commands and options, described to picocli by calls: annotations would cost their reflection at each start. The
 * help, the manual page, docs/reference/cm_ctl.md and the completion for bash are all made from it. Stateless.
 */
final class CommandTree {

    static final String START = "start";
    static final String STOP = "stop";
    static final String RESTART = "restart";
    static final String RELOAD = "reload";
    static final String STATUS = "status";
    static final String TOPOLOGY = "topology";
    static final String FORGET_TIMELINE = "forget-timeline";
    static final String SHOW = "show";
    static final String CHECK = "check";
    static final String VERSION_COMMAND = "version";

    static final String DIRECTORY = "-D";
    static final String NO_WAIT = "-W";
    static final String LIMIT = "-t";
    static final String COMPLETE = "--complete";
    static final String LOG = "-l";
    static final String MODE = "-m";
    static final String SCOPE = "-i";
    static final String FORMAT = "--format";
    static final String WATCH = "--watch";
    static final String YES = "--yes";
    static final String HELP = "--help";
    static final String VERSION = "--version";

    /** Documented in requirements C8: the wait limit unless -t is given. */
    static final int DEFAULT_LIMIT_SECONDS = 60;

    private CommandTree() {}

    static CommandLine create() {
        CommandSpec root = CommandSpec.create().name("cm_ctl");
        CommandTexts.ROOT.describe(root);
        root.addOption(flag("show the version and end", "-V", VERSION));
        help(root);
        root.addSubcommand(START, start());
        root.addSubcommand(STOP, stop());
        root.addSubcommand(RESTART, restart());
        root.addSubcommand(RELOAD, reload());
        root.addSubcommand(STATUS, status());
        root.addSubcommand(
                TOPOLOGY, command(CommandTexts.TOPOLOGY).addOption(watch()).addOption(answerLimit()));
        root.addSubcommand(FORGET_TIMELINE, forgetTimeline());
        root.addSubcommand(SHOW, show());
        root.addSubcommand(CHECK, check());
        root.addSubcommand(VERSION_COMMAND, command(CommandTexts.VERSION).addOption(answerLimit()));
        return new CommandLine(root)
                .registerConverter(Path.class, CommandTree::path)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // An argument that begins with @ is no file to be read.
                .setExpandAtFiles(false);
    }

    private static CommandSpec start() {
        CommandSpec spec = command(CommandTexts.START);
        spec.addOption(flag("do not wait for heartbeats; needed where no primary is configured", NO_WAIT, "--no-wait"));
        return spec.addOption(complete())
                .addOption(log())
                .addOption(limit("limit of the wait; conmgr stays up when it passes"));
    }

    private static CommandSpec stop() {
        CommandSpec spec = command(CommandTexts.STOP);
        spec.addOption(flag("do not wait", NO_WAIT, "--no-wait"));
        return spec.addOption(mode()).addOption(limit("limit of the wait"));
    }

    private static CommandSpec restart() {
        CommandSpec spec = command(CommandTexts.RESTART);
        spec.addOption(flag("wait for the end of the old conmgr, but not for heartbeats", NO_WAIT, "--no-wait"));
        return spec.addOption(complete())
                .addOption(log())
                .addOption(mode())
                .addOption(limit("limit of each wait, for the end and for the heartbeats"));
    }

    private static CommandSpec reload() {
        return command(CommandTexts.RELOAD).addOption(answerLimit());
    }

    private static CommandSpec forgetTimeline() {
        return command(CommandTexts.FORGET_TIMELINE)
                .addOption(flag("forget it; without this it is only shown", YES))
                .addOption(answerLimit());
    }

    private static CommandSpec status() {
        CommandSpec spec = command(CommandTexts.STATUS);
        spec.addOption(OptionSpec.builder(SCOPE, "--information")
                .type(StatusScope.class)
                .paramLabel("WHAT")
                .completionCandidates(List.of("all", "instance", "application", "pool"))
                .defaultValue("all")
                .description("${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
                .build());
        spec.addOption(OptionSpec.builder(FORMAT)
                .type(StatusFormat.class)
                .paramLabel("FORMAT")
                .completionCandidates(List.of("text", "json"))
                .defaultValue("text")
                .description("text for people, json for programs (default: ${DEFAULT-VALUE})")
                .build());
        return spec.addOption(answerLimit());
    }

    private static CommandSpec show() {
        return command(CommandTexts.SHOW)
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("0..1")
                        .type(String.class)
                        .paramLabel("NAME")
                        .description("only the value of this parameter")
                        .build());
    }

    private static CommandSpec check() {
        return command(CommandTexts.CHECK)
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("0..1")
                        .type(Path.class)
                        .paramLabel("FILE")
                        .description("the file (default: conmgr.conf in the directory)")
                        .build());
    }

    /** Without it picocli would show the user an exception's name. */
    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new CommandLine.TypeConversionException("not a path: " + e.getReason());
        }
    }

    private static CommandSpec command(CommandTexts texts) {
        CommandSpec spec = CommandSpec.create();
        texts.describe(spec);
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

    private static OptionSpec complete() {
        return flag("wait for the heartbeat to every instance, not only to the primary", COMPLETE);
    }

    private static OptionSpec log() {
        return OptionSpec.builder(LOG, "--log")
                .type(Path.class)
                .paramLabel("FILE")
                .description("append conmgr's log to FILE (default: conmgr.log in the directory)")
                .build();
    }

    private static OptionSpec mode() {
        return OptionSpec.builder(MODE, "--mode")
                .type(StopMode.class)
                .paramLabel("MODE")
                .completionCandidates(List.of("smart", "fast", "immediate"))
                .defaultValue("fast")
                .description("smart: when no application holds a connection; fast: tell the applications and stop;"
                        + " immediate: end at once (default: ${DEFAULT-VALUE})")
                .build();
    }

    private static OptionSpec watch() {
        return OptionSpec.builder(WATCH)
                .type(int.class)
                .arity("0..1")
                .fallbackValue("1")
                .paramLabel("SECONDS")
                .description("show it again after so many seconds (default: ${FALLBACK-VALUE}), until interrupted")
                .build();
    }

    private static OptionSpec answerLimit() {
        return limit("limit of the wait for the answer");
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
