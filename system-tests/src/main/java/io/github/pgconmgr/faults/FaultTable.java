package io.github.pgconmgr.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table of docs/failure-modes.md: a row for each scenario that was ever played. Immutable: no state. */
final class FaultTable {

    private static final String BEGIN = "<!-- make faults: begin -->\n";
    private static final String END = "<!-- make faults: end -->\n";
    private static final String HEAD =
            "| fault (scenario) | settings | rounds | sessions ended per round: what the application"
                    + " saw | error | conmgr: DOWN | instance: DEAD | sessions gone there | at work again |\n"
                    + "|---|---|---|---|---|---|---|---|---|\n";

    private FaultTable() {}

    /** Writes the table between its marks; the row of a scenario that has no file in the folder stays as it is. */
    static void write(Path document, List<Scenario> scenarios, Path folder, String remark) throws IOException {
        List<String> before = Files.readAllLines(document);
        StringBuilder table = new StringBuilder(remark).append("\n\n").append(HEAD);
        for (Scenario scenario : scenarios) {
            List<Outcome> rounds = new Results(folder.resolve(scenario.name() + ".tsv")).read();
            Optional<String> row = rounds.isEmpty()
                    ? before.stream()
                            .filter(line -> line.startsWith("| ") && line.contains(cells(scenario)))
                            .findFirst()
                    : Optional.of(row(scenario, rounds));
            row.ifPresent(line -> table.append(line).append('\n'));
        }
        replace(document, BEGIN, END, table.toString());
    }

    /** Replaces what stands between two lines of a document. */
    static void replace(Path document, String beginLine, String endLine, String content) throws IOException {
        String text = Files.readString(document);
        int begin = text.indexOf(beginLine);
        int end = text.indexOf(endLine);
        if (begin < 0 || end < begin) {
            throw new IOException(document + " has no lines " + beginLine.strip() + " and " + endLine.strip());
        }
        Files.writeString(document, text.substring(0, begin + beginLine.length()) + content + text.substring(end));
    }

    private static String cells(Scenario scenario) {
        return " (" + scenario.name() + ") | " + scenario.settings().word() + " | ";
    }

    static String row(Scenario scenario, List<Outcome> rounds) {
        long broken =
                rounds.stream().filter(round -> !round.violations().isEmpty()).count();
        String count = rounds.size() + (broken == 0 ? "" : ", **" + broken + " failed**");
        return "| "
                + String.join(
                        " | ",
                        scenario.fault() + " (" + scenario.name() + ")",
                        scenario.settings().word(),
                        count,
                        ended(rounds),
                        times(rounds, Outcome::errors),
                        times(rounds, round -> one(round.detected())),
                        times(rounds, round -> one(round.judged())),
                        times(rounds, round -> one(round.released())),
                        times(rounds, Outcome::resumed))
                + " |";
    }

    private static List<Long> one(@Nullable Long value) {
        return value == null ? List.of() : List.of(value);
    }

    private static String ended(List<Outcome> rounds) {
        Map<String, Integer> all = new TreeMap<>();
        rounds.forEach(round -> round.states().forEach((state, count) -> all.merge(state, count, Integer::sum)));
        String ended = all.isEmpty()
                ? "nothing"
                : all.entrySet().stream()
                        .map(entry -> perRound(entry.getValue(), rounds) + ": " + entry.getKey())
                        .collect(Collectors.joining(", "));
        if (rounds.stream().allMatch(round -> round.gaps() == null)) {
            return ended;
        }
        return ended + "; gaps that reached the timeout: " + perRound(sum(rounds, Outcome::gaps), rounds)
                + ", judged silent: " + perRound(sum(rounds, Outcome::silences), rounds);
    }

    private static long sum(List<Outcome> rounds, Function<Outcome, @Nullable Long> value) {
        return rounds.stream()
                .map(value)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
    }

    private static String perRound(long count, List<Outcome> rounds) {
        return String.format(Locale.ROOT, "%.1f", count / (double) rounds.size());
    }

    /** Median and longest, in seconds. */
    private static String times(List<Outcome> rounds, Function<Outcome, List<Long>> values) {
        List<Long> all = rounds.stream()
                .flatMap(round -> values.apply(round).stream())
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        if (all.isEmpty()) {
            return "-";
        }
        return String.format(
                Locale.ROOT, "%.2f / %.2f", all.get(all.size() / 2) / 1000.0, all.get(all.size() - 1) / 1000.0);
    }
}
