package io.github.pgconmgr.daemon;

import io.github.pgconmgr.admin.ReloadReport;
import io.github.pgconmgr.config.ConfigException;
import io.github.pgconmgr.config.ConfigLoader;
import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.LoadedConfig;
import io.github.pgconmgr.config.Problem;
import io.github.pgconmgr.config.Setting;
import io.github.pgconmgr.config.SettingChange;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads conmgr.conf again under a running conmgr (ADR 7). With any error in the file nothing changes. What the table calls
 * reloadable holds at once; a changed parameter that needs a restart is named, and keeps its value.
 *
 * <p>Confined to the main thread; blocks on the disk.
 */
final class Reloader {

    private final Path directory;
    private final Consumer<ConmgrConfig> parts;
    private final Log log;
    private LoadedConfig running;

    /**
     * @param parts gets the configuration that holds after each reload
     */
    Reloader(Path directory, LoadedConfig running, Consumer<ConmgrConfig> parts, Log log) {
        this.directory = directory;
        this.running = running;
        this.parts = parts;
        this.log = log;
    }

    ReloadReport reload() {
        log.write(Message.RELOADING, Daemon.COMPONENT);
        try {
            LoadedConfig file = ConfigLoader.load(directory);
            return costsEverySession(file.config())
                    ? refuse(List.of(new Problem(
                            path().toString(),
                            0,
                            "",
                            "heartbeat_timeout is not longer than heartbeat_interval: that would end every session"
                                    + " now, so it takes a restart")))
                    : takeOver(file);
        } catch (ConfigException e) {
            return refuse(e.problems());
        }
    }

    /** Settings that are always abnormal are legal at start (C4), when nobody is connected. */
    private boolean costsEverySession(ConmgrConfig file) {
        HeartbeatSettings settings = file.heartbeat().settings();
        return settings.alwaysAbnormal()
                && !settings.equals(running.config().heartbeat().settings());
    }

    /** Every parameter's value that holds now. */
    List<Setting> settings() {
        return running.settings();
    }

    private ReloadReport refuse(List<Problem> problems) {
        problems.forEach(problem -> log.write(Message.CONFIG_PROBLEM, Daemon.COMPONENT, problem));
        log.write(Message.RELOAD_REFUSED, Daemon.COMPONENT, path());
        return ReloadReport.refused(Message.RELOAD_REFUSED.format(path()), texts(problems));
    }

    private ReloadReport takeOver(LoadedConfig file) {
        List<String> changed = new ArrayList<>();
        List<String> needRestart = new ArrayList<>();
        for (SettingChange change : SettingChange.between(running.settings(), file.settings())) {
            if (change.reloadable()) {
                changed.add(change.name() + ": " + change.oldValue() + " -> " + change.newValue());
            } else {
                needRestart.add(change.name());
            }
        }
        ConmgrConfig config = running.config().reloadedFrom(file.config());
        running = new LoadedConfig(config, settingsThatHold(file), file.warnings());
        parts.accept(config);
        file.warnings().forEach(warning -> log.write(Message.CONFIG_WARNING, Daemon.COMPONENT, warning));
        changed.forEach(line -> log.write(Message.PARAMETER_CHANGED, Daemon.COMPONENT, line));
        needRestart.forEach(name -> log.write(Message.PARAMETER_NEEDS_RESTART, Daemon.COMPONENT, name));
        return new ReloadReport("", texts(file.warnings()), changed, needRestart);
    }

    /** The next reload compares with what holds, not with what the file of this one said. */
    private List<Setting> settingsThatHold(LoadedConfig file) {
        var byName = file.settings().stream().collect(Collectors.toMap(Setting::name, setting -> setting));
        return running.settings().stream()
                .map(setting -> setting.reloadable() ? byName.getOrDefault(setting.name(), setting) : setting)
                .toList();
    }

    private Path path() {
        return directory.resolve(ConfigLoader.FILE_NAME);
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }
}
