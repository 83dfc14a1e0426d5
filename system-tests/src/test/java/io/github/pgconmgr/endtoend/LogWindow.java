package io.github.pgconmgr.endtoend;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.ServerLog;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a log has gained since a moment. Immutable; the file is read anew each time. */
record LogWindow(ServerLog log, int firstLine) {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern ALARMING = Pattern.compile("(^|\\s)(WARNING|ERROR|FATAL|PANIC):|^\\s+at |Exception"
            + "|was terminated by signal|TRAP: |hs_err_pid|internal error");

    /** From now on. */
    static LogWindow on(ServerLog log) {
        return new LogWindow(log, log.lines().size());
    }

    List<String> lines() {
        List<String> all = log.lines();
        return all.subList(Math.min(firstLine, all.size()), all.size());
    }

    List<String> linesWith(String text) {
        return lines().stream().filter(line -> line.contains(text)).toList();
    }

    /** Blocks until a line contains the text, and returns it; the error shows what came instead. */
    String await(String text) {
        try {
            return Await.value("a line with \"" + text + "\" in " + log.file().getFileName(), LIMIT, () -> {
                List<String> found = linesWith(text);
                return found.isEmpty() ? null : found.get(0);
            });
        } catch (AssertionError e) {
            String gained = lines().stream()
                    .filter(line -> !line.contains(" LOG:  connection "))
                    .collect(Collectors.joining("\n"));
            throw new AssertionError(e.getMessage() + "; it gained:\n" + gained, e);
        }
    }

    /** Warnings, errors, crashes and stack traces that contain none of the expected texts. */
    List<String> alarms(List<String> expected) {
        return lines().stream()
                .filter(line -> ALARMING.matcher(line).find())
                .filter(line -> expected.stream().noneMatch(line::contains))
                .toList();
    }
}
