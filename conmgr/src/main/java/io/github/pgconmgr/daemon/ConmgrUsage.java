package io.github.pgconmgr.daemon;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The command line of the daemon, as help and manual page show it. Only for these: a daemon that starts reads its one option
 * itself, and loads nothing of picocli. Stateless.
 */
public final class ConmgrUsage {

    private ConmgrUsage() {}

    /** Name, texts and options. */
    public static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("conmgr");
        spec.parser().separator(" ");
        spec.usageMessage()
                .header("The daemon of the Connection Manager for PostgreSQL.")
                .synopsisHeading("%nUsage: ")
                .descriptionHeading("%n")
                .description(
                        "It runs in the foreground and logs to stderr; cm_ctl start runs it in the background. Under a"
                                + " supervisor such as systemd, run conmgr itself: its process ends when it stops. It tells systemd"
                                + " (NOTIFY_SOCKET) when it is ready, reloads and stops, and how it fares.%n",
                        "Signals: TERM is a smart stop (waits until no application holds a connection), INT a fast one"
                                + " (tells the applications, then stops), HUP a reload of conmgr.conf; QUIT prints the Java"
                                + " machine's threads to the log.%n",
                        "The directory holds conmgr.conf; conmgr adds conmgr.lock, which makes it the only one there,"
                                + " conmgr.pid (process id, start time, directory, port, a line each) and its control"
                                + " socket.%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes())
                .footerHeading("%nExamples:%n")
                .footer("  conmgr -D /srv/conmgr");
        spec.addOption(OptionSpec.builder("-D")
                .type(String.class)
                .paramLabel("DIR")
                .description("the conmgr directory (default: environment variable CMDATA)")
                .build());
        spec.addOption(flag("show the version and end", "-V", "--version"));
        spec.addOption(flag("show this help and end", "-?", "--help"));
        return spec;
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "it was stopped");
        codes.put("1", "it could not start, or it failed; a FATAL line says why");
        return codes;
    }

    private static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }
}
