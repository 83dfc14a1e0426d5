package io.github.pgconmgr.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The instances that a file's instance numbers make (C3). Confined to the loading of one file. */
final class InstanceSet {

    /** Each is a link with its own connection; a replication group has a handful. */
    static final int MAX_INSTANCES = 256;

    private final String file;
    private final Settings settings;
    private final @Nullable Path directory;

    /**
     * @param directory where names of files begin; null if none is to be read
     */
    InstanceSet(String file, Settings settings, @Nullable Path directory) {
        this.file = file;
        this.settings = settings;
        this.directory = directory;
    }

    /**
     * What keeps them from being used.
     *
     * @param fileHasErrors then the line that names a host, or a connection string, may be among those that could not be read, and a complaint about
     *     a file without any instance would mislead
     */
    List<Problem> problems(boolean fileHasErrors) {
        SortedSet<Integer> numbers = settings.numbers();
        List<Problem> problems = new ArrayList<>();
        if (numbers.isEmpty() && !fileHasErrors) {
            problems.add(new Problem(
                    file,
                    0,
                    "",
                    "no instance is configured; add \"" + Parameters.BACKEND_HOST.name() + "0\" or \""
                            + Parameters.BACKEND_HOSTADDR.name() + "0\""));
        }
        if (numbers.size() > MAX_INSTANCES) {
            problems.add(new Problem(file, 0, "", "more than " + MAX_INSTANCES + " instances"));
        }
        for (int number : numbers) {
            if (settings.lineOf(Parameters.BACKEND_HOST, number) == 0
                    && settings.lineOf(Parameters.BACKEND_HOSTADDR, number) == 0) {
                problems.add(withoutHost(number));
            }
            checkProblem(number, fileHasErrors, problems);
        }
        return problems;
    }

    private void checkProblem(int number, boolean fileHasErrors, List<Problem> problems) {
        CheckMode mode = settings.get(Parameters.BACKEND_CHECK, number);
        CheckConninfo conninfo = conninfo(number);
        // One that could not be read has its own problem.
        if (mode.usesSql() && conninfo == null && !fileHasErrors) {
            String reason = "\"" + mode + "\" needs \"" + Parameters.CHECK_CONNINFO.name() + number + "\"";
            problems.add(problem(Parameters.BACKEND_CHECK, number, reason));
        } else if (directory != null && conninfo != null && !conninfo.passfile().isEmpty()) {
            try {
                OwnersFile.read(Path.of(conninfo.passfile()), "passfile", 0);
            } catch (InvalidValueException e) {
                problems.add(problem(Parameters.CHECK_CONNINFO, number, e.reason()));
            }
        }
    }

    private Problem problem(Parameter<?> parameter, int number, String reason) {
        return new Problem(file, settings.lineOf(parameter, number), parameter.name() + number, reason);
    }

    private @Nullable CheckConninfo conninfo(int number) {
        CheckConninfo written = settings.find(Parameters.CHECK_CONNINFO, number);
        return written == null || directory == null ? written : written.within(directory);
    }

    private Problem withoutHost(int number) {
        String reason = "instance " + number + " has neither \"" + Parameters.BACKEND_HOST.name() + number + "\" nor \""
                + Parameters.BACKEND_HOSTADDR.name() + number + "\"";
        Settings.Use use = settings.firstUseOf(number);
        return new Problem(file, use.line(), use.name(), reason);
    }

    /** The instances by number; only where there are no problems. */
    List<InstanceConfig> instances() {
        List<InstanceConfig> instances = new ArrayList<>();
        for (int number : settings.numbers()) {
            String host = find(Parameters.BACKEND_HOST, number);
            String hostaddr = find(Parameters.BACKEND_HOSTADDR, number);
            instances.add(new InstanceConfig(
                    number,
                    host == null ? "" : host,
                    hostaddr == null ? "" : hostaddr,
                    settings.get(Parameters.BACKEND_PORT, number),
                    settings.get(Parameters.WATCHDOG_PORT, number),
                    new CheckConfig(settings.get(Parameters.BACKEND_CHECK, number), conninfo(number))));
        }
        return instances;
    }

    private @Nullable String find(Parameter<String> parameter, int number) {
        return settings.find(parameter, number);
    }
}
