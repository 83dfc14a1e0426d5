package io.github.pgconmgr.ctl;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command tree as a page of docs/reference. Stateless. */
final class CommandReference {

    private static final int WIDTH = 100;

    private CommandReference() {}

    static String of(CommandSpec root) {
        StringBuilder out = new StringBuilder("# " + root.name() + "\n\n");
        out.append("Printed from the program's own description by ReferencePagesTest; do not edit.\n\n");
        out.append(header(root)).append("\n\n## Synopsis\n").append(synopsis(root));
        out.append("\n## Description\n").append(description(root));
        out.append("\n## Options\n").append(options(root));
        root.subcommands().values().forEach(command -> out.append(command(command.getCommandSpec())));
        out.append("\n## Exit codes\n").append(exitCodes(root));
        out.append("\n## Examples\n").append(examples(root));
        return out.toString();
    }

    private static String command(CommandSpec spec) {
        return "\n## " + spec.name() + "\n" + header(spec) + "\n" + synopsis(spec) + "\n" + description(spec) + "\n"
                + options(spec) + "\nExit codes:\n\n" + exitCodes(spec) + "\nExamples:\n" + examples(spec);
    }

    private static String header(CommandSpec spec) {
        return String.join(" ", spec.usageMessage().header());
    }

    private static String synopsis(CommandSpec spec) {
        spec.usageMessage().width(WIDTH);
        String text = new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(Ansi.OFF)).synopsis(0);
        return "```\n" + text.stripTrailing() + "\n```\n";
    }

    private static String description(CommandSpec spec) {
        return Arrays.stream(spec.usageMessage().description())
                .map(paragraph -> paragraph.replace("%n", "") + "\n")
                .collect(Collectors.joining("\n"));
    }

    private static String options(CommandSpec spec) {
        return spec.positionalParameters().stream()
                        .map(CommandReference::positional)
                        .collect(Collectors.joining())
                + spec.options().stream().map(CommandReference::option).collect(Collectors.joining());
    }

    private static String positional(PositionalParamSpec parameter) {
        return "- `" + parameter.paramLabel() + "`: " + String.join(" ", parameter.description()) + "\n";
    }

    private static String option(OptionSpec option) {
        String value = option.paramLabel();
        String names = Arrays.stream(option.names())
                .map(name -> "`" + name + (option.arity().max() == 0 ? "" : (name.startsWith("--") ? "=" : " ") + value)
                        + "`")
                .collect(Collectors.joining(", "));
        return "- " + names + ": " + String.join(" ", option.description()) + "\n";
    }

    private static String exitCodes(CommandSpec spec) {
        return spec.usageMessage().exitCodeList().entrySet().stream()
                .map(CommandReference::exitCode)
                .collect(Collectors.joining());
    }

    private static String exitCode(Map.Entry<String, String> code) {
        return "- `" + code.getKey() + "`: " + code.getValue() + "\n";
    }

    private static String examples(CommandSpec spec) {
        return Arrays.stream(spec.usageMessage().footer())
                .map(String::strip)
                .collect(Collectors.joining("\n", "```\n", "\n```\n"));
    }
}
