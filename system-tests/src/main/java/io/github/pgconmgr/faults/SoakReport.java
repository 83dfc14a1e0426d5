package io.github.pgconmgr.faults;

import io.github.pgconmgr.faults.soak.Flatness;
import io.github.pgconmgr.faults.soak.Measure;
import io.github.pgconmgr.faults.soak.Samples;
import io.github.pgconmgr.time.WallClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The summary of a soak. Immutable, but for the samples, which nobody changes any more.
 *
 * @param seconds how long it ran
 * @param simultaneous rounds with two faults at once
 * @param idle rounds in which no session was where the fault was
 * @param faults how often each was played
 * @param failures what did not hold, a line each
 */
record SoakReport(
        String command,
        double seconds,
        int rounds,
        int simultaneous,
        int idle,
        Map<String, Integer> faults,
        List<String> failures,
        SoakBooks books,
        Samples samples,
        SoakLogs logs) {

    static final String BEGIN = "<!-- make soak: begin -->\n";
    static final String END = "<!-- make soak: end -->\n";

    /** What goes into the document. */
    String text() throws IOException {
        return head()
                + "\n- Books: " + books + ".\n- Faults: " + played() + ".\n- Logs, KiB per hour: " + logs + ".\n"
                + failures.stream().map(line -> "- **Failed**: " + line + "\n").collect(Collectors.joining())
                + "\nOf each process the medians of its samples' second and last quarter; of several in a row that with the"
                + " most samples.\n\n" + table();
    }

    private String head() throws IOException {
        String day = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC).format(WallClock.SYSTEM.now());
        return String.format(
                Locale.ROOT,
                "Last run: %s, `%s`: %.0f minutes, %d rounds, %d of them with two faults at once, %d with none"
                        + " of the load's sessions where the fault was, %s.%n"
                        + "The machine's load average was %s on %d cores at the end.%n",
                day,
                command,
                seconds / 60,
                rounds,
                simultaneous,
                idle,
                failures.isEmpty() ? "nothing failed" : "**" + failures.size() + " failures**",
                Files.readString(Path.of("/proc/loadavg")).split(" ", 4)[2],
                Runtime.getRuntime().availableProcessors());
    }

    private String played() {
        return faults.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private String table() {
        String measures = Arrays.stream(Measure.values()).map(Measure::words).collect(Collectors.joining(" | "));
        return "| process | samples (processes there were) | " + measures + " |\n|---|---|"
                + "---|".repeat(Measure.values().length) + "\n"
                + samples.roles().stream().map(this::row).collect(Collectors.joining());
    }

    private String row(String role) {
        String figures = Arrays.stream(Measure.values())
                .map(measure -> figure(measure, samples.series(role, measure)))
                .collect(Collectors.joining(" | "));
        return String.format(
                Locale.ROOT, "| %s | %d (%d) | %s |%n", role, samples.most(role), samples.processes(role), figures);
    }

    private static String figure(Measure measure, List<Long> series) {
        if (series.isEmpty()) {
            return "-";
        }
        String verdict = switch (Flatness.of(measure, series)) {
            case FLAT -> "";
            case RISES -> " **rises**";
            case UNKNOWN -> " (too few)";
        };
        return String.format(Locale.ROOT, "%.0f, %.0f%s", Flatness.early(series), Flatness.late(series), verdict);
    }
}
