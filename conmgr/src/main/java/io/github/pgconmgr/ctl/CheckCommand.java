package io.github.pgconmgr.ctl;

import io.github.pgconmgr.config.ConfigException;
import io.github.pgconmgr.config.ConfigLoader;
import io.github.pgconmgr.config.LoadedConfig;
import java.nio.file.Path;

/** {@code cm_ctl check}: what is wrong with a configuration file, without starting anything. Confined to the main thread. */
final class CheckCommand {

    /** The file to look at. Immutable. */
    record Options(Path file) {}

    private final Options options;
    private final CtlConsole console;

    CheckCommand(Options options, CtlConsole console) {
        this.options = options;
        this.console = console;
    }

    int run() {
        try {
            LoadedConfig loaded = ConfigLoader.loadFile(options.file);
            loaded.warnings().forEach(warning -> console.err().println(warning));
            int instances = loaded.config().instances().size();
            console.say(options.file + ": usable, " + instances + (instances == 1 ? " instance" : " instances"));
            return ExitCode.OK;
        } catch (ConfigException e) {
            console.report(e);
            return ExitCode.FAILURE;
        }
    }
}
