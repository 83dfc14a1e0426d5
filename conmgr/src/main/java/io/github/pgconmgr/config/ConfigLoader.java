package io.github.pgconmgr.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
        Path path = directory.resolve(FILE_NAME);
        return parse(path.toString(), ConfigFile.read(path));
    }

    /** The same from a text; {@code file} is only the name in problems. */
    static LoadedConfig parse(String file, String text) throws ConfigException {
        FileParser parser = new FileParser(file);
        Settings settings = parser.parse(text);
        InstanceSet instances = new InstanceSet(file, settings);
        List<Problem> problems = new ArrayList<>(parser.problems());
        problems.addAll(instances.problems(!parser.problems().isEmpty()));
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(Problem::line));
            throw new ConfigException(firstOf(problems, file));
        }
        ConfigFreezer freezer = new ConfigFreezer(file, settings);
        return new LoadedConfig(freezer.freeze(instances.instances()), freezer.warnings());
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
