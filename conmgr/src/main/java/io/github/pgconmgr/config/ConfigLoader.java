package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Load = parse, validate, freeze (style rule 16; C1 to C4). Nothing is silently corrected. Stateless; blocks on the disk. */
public final class ConfigLoader {

    /** The file's name in the conmgr directory. */
    public static final String FILE_NAME = "conmgr.conf";

    /** A page of problems is enough to begin with. */
    static final int MAX_PROBLEMS = 100;

    private ConfigLoader() {}

    /**
     * Loads {@code conmgr.conf} of a conmgr directory.
     *
     * @throws ConfigException with every problem of the file
     */
    public static LoadedConfig load(Path directory) throws ConfigException {
        return loadFile(directory.resolve(FILE_NAME));
    }

    /** The same for a file of any name; its folder stands for the conmgr directory. */
    public static LoadedConfig loadFile(Path path) throws ConfigException {
        return parse(
                path.toString(),
                ConfigFile.read(path),
                new ConfigFolder(path.toAbsolutePath().getParent()));
    }

    /** The same from a text; {@code file} is only the name in problems. No other file is read. */
    static LoadedConfig parse(String file, String text) throws ConfigException {
        return parse(file, text, ConfigFolder.NONE);
    }

    private static LoadedConfig parse(String file, String text, ConfigFolder folder) throws ConfigException {
        FileParser parser = new FileParser(file);
        Settings settings = parser.parse(text);
        InstanceSet instances = new InstanceSet(file, settings, folder.path());
        List<Problem> problems = new ArrayList<>(parser.problems());
        problems.addAll(instances.problems(!parser.problems().isEmpty()));
        SharedSecret secret = readSecret(file, settings, folder, problems);
        RelaySettings relay = new RelaySettings(file, settings, folder);
        problems.addAll(relay.problems());
        problems.addAll(LagCheck.problems(file, settings));
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(Problem::line));
            throw new ConfigException(firstOf(problems, file));
        }
        ConfigFreezer freezer = new ConfigFreezer(file, settings);
        ConmgrConfig config = freezer.freeze(instances.instances(), secret, relay.config());
        List<Problem> warnings = new ArrayList<>(freezer.warnings());
        warnings.addAll(relay.warnings());
        return new LoadedConfig(config, settings.all(), warnings);
    }

    private static @Nullable SharedSecret readSecret(
            String file, Settings settings, ConfigFolder folder, List<Problem> problems) {
        Parameter<String> parameter = Parameters.WATCHDOG_SECRET_FILE;
        String name = settings.find(parameter, Settings.NO_NUMBER);
        try {
            return name == null ? null : folder.secret(name);
        } catch (InvalidValueException e) {
            int line = settings.lineOf(parameter, Settings.NO_NUMBER);
            problems.add(new Problem(file, line, parameter.name(), e.reason()));
            return null;
        }
    }

    private static List<Problem> firstOf(List<Problem> problems, String file) {
        if (problems.size() <= MAX_PROBLEMS) {
            return problems;
        }
        List<Problem> first = new ArrayList<>(problems.subList(0, MAX_PROBLEMS));
        first.add(new Problem(file, 0, "", "and " + (problems.size() - MAX_PROBLEMS) + " more problems"));
        return first;
    }
}
