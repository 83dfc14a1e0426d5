package io.github.pgconmgr.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a scenario as a file of tab-separated lines, {@code build/faults/NAME.tsv}: made anew when the scenario is
 * played again. Immutable.
 */
record Results(Path file) {

    private static final String HEADER =
            "seconds\tdetected_ms\tjudged_ms\treleased_ms\terrors_ms\tresumed_ms\tsqlstates\trefused\tgaps\tsilences\tviolations\n";

    /** Empties the file. */
    void begin() {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, HEADER);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Adds a round. */
    void add(Outcome outcome) {
        String line = String.join(
                "\t",
                String.format(java.util.Locale.ROOT, "%.1f", outcome.seconds()),
                text(outcome.detected()),
                text(outcome.judged()),
                text(outcome.released()),
                list(outcome.errors()),
                list(outcome.resumed()),
                map(outcome.states()),
                map(outcome.refused()),
                text(outcome.gaps()),
                text(outcome.silences()),
                String.join(" | ", outcome.violations()).replaceAll("\\s", " "));
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String text(@Nullable Long value) {
        return value == null ? "" : value.toString();
    }

    private static String list(List<Long> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static String map(Map<String, Integer> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** The rounds in the file; none if there is no file. */
    List<Outcome> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream().skip(1).map(Results::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Outcome parse(String line) {
        String[] columns = line.split("\t", -1);
        return new Outcome(
                columns[10].isEmpty() ? List.of() : List.of(columns[10]),
                Double.parseDouble(columns[0]),
                number(columns[1]),
                number(columns[2]),
                number(columns[3]),
                numbers(columns[4]),
                numbers(columns[5]),
                counts(columns[6]),
                counts(columns[7]),
                number(columns[8]),
                number(columns[9]));
    }

    private static @Nullable Long number(String text) {
        return text.isEmpty() ? null : Long.valueOf(text);
    }

    private static List<Long> numbers(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",")).map(Long::valueOf).toList();
    }

    private static Map<String, Integer> counts(String text) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String each : text.isEmpty() ? new String[0] : text.split(",")) {
            String[] halves = each.split("=", 2);
            counts.put(halves[0], Integer.valueOf(halves[1]));
        }
        return counts;
    }
}
