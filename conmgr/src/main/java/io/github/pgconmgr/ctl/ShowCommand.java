package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.TextTable;
import io.github.pgconmgr.config.ConfigException;
import io.github.pgconmgr.config.ConfigLoader;
import io.github.pgconmgr.config.Setting;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code cm_ctl show}: what a directory's conmgr.conf sets, as a conmgr that reads it now would understand it. Confined to the
 * main thread.
 */
final class ShowCommand {

    /**
     * What to show. Immutable.
     *
     * @param name one parameter, of which the value alone is printed; empty for all
     */
    record Options(Path directory, String name) {}

    private final Options options;
    private final CtlConsole console;

    ShowCommand(Options options, CtlConsole console) {
        this.options = options;
        this.console = console;
    }

    int run() {
        try {
            List<Setting> settings = ConfigLoader.load(options.directory).settings();
            return options.name.isEmpty() ? all(settings) : one(settings);
        } catch (ConfigException e) {
            console.report(e);
            return ExitCode.FAILURE;
        }
    }

    private int all(List<Setting> settings) {
        TextTable table = new TextTable("name", "value", "default", "line", "change takes");
        for (Setting setting : settings) {
            table.row(
                    setting.name(),
                    setting.value(),
                    setting.defaultValue(),
                    setting.line() == 0 ? "" : Integer.toString(setting.line()),
                    setting.reloadable() ? "reload" : "restart");
        }
        StringBuilder text = new StringBuilder();
        table.renderTo(text);
        console.out().print(text);
        console.out().flush();
        return ExitCode.OK;
    }

    private int one(List<Setting> settings) {
        for (Setting setting : settings) {
            if (setting.name().equals(options.name)) {
                console.say(setting.value());
                return ExitCode.OK;
            }
        }
        console.complain("there is no parameter \"" + options.name + "\"");
        console.hint("\"cm_ctl show\" lists all; an instance's have its number behind the name, as in backend_host0.");
        return ExitCode.FAILURE;
    }
}
