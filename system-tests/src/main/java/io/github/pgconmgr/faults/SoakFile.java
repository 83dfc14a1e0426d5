package io.github.pgconmgr.faults;

import io.github.pgconmgr.faults.soak.Measure;
import io.github.pgconmgr.faults.soak.OurProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a soak writes as it goes, below {@code build/soak}: rounds.tsv and memory.tsv. Immutable. */
record SoakFile(Path folder) {

    /** Begins both anew. */
    void begin() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(rounds(), "seconds\tround\tfault\ttook_s\tsqlstates\tviolations\n");
        String measures = Arrays.stream(Measure.values())
                .map(measure -> measure.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("\t"));
        Files.writeString(memory(), "seconds\tprocess\tpid\t" + measures + "\n");
    }

    private Path rounds() {
        return folder.resolve("rounds.tsv");
    }

    private Path memory() {
        return folder.resolve("memory.tsv");
    }

    void addRound(double seconds, int round, String fault, Outcome outcome, List<String> violations)
            throws IOException {
        append(
                rounds(),
                seconds(seconds),
                Integer.toString(round),
                fault,
                seconds(outcome.seconds()),
                outcome.states().toString(),
                String.join(" | ", violations).replaceAll("\\s", " "));
    }

    void addSample(double seconds, OurProcess process, Map<Measure, Long> values) throws IOException {
        String figures = Arrays.stream(Measure.values())
                .map(measure -> values.containsKey(measure) ? values.get(measure).toString() : "")
                .collect(Collectors.joining("\t"));
        append(memory(), seconds(seconds), process.role(), Long.toString(process.pid()), figures);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    private static void append(Path file, String... columns) throws IOException {
        Files.writeString(file, String.join("\t", columns) + "\n", StandardOpenOption.APPEND);
    }
}
