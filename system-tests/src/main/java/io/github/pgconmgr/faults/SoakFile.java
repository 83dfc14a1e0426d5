package io.github.pgconmgr.faults;

import io.github.pgconmgr.faults.soak.Measure;
import io.github.pgconmgr.faults.soak.OurProcess;
import io.github.pgconmgr.testkit.PgInstance;
import java.io.IOException;
import java.nio.channels.FileChannel;
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

    private static final long LONGEST_LOG = 16L << 20;

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
                .map(measure ->
                        values.containsKey(measure) ? values.get(measure).toString() : "")
                .collect(Collectors.joining("\t"));
        append(memory(), seconds(seconds), process.role(), Long.toString(process.pid()), figures);
    }

    /** Copies the logs of a lab that is about to end; of the load's, which are long, the end. Gives the folder. */
    Path keepLogs(FaultLab lab, int round) throws IOException {
        Path kept = Files.createDirectories(folder.resolve("failed-" + round));
        for (ApplicationHost host : lab.applications()) {
            String name = host.host().name();
            for (String load : List.of("jdbc.log", "libpq.log")) {
                keep(host.host().folder().resolve(load), kept.resolve(name + "-" + load));
            }
            keep(host.folder().resolve("conmgr.log"), kept.resolve(name + "-conmgr.log"));
        }
        for (PgInstance instance : lab.instances()) {
            keep(instance.log().file(), kept.resolve(instance.name() + ".log"));
        }
        return kept;
    }

    private static void keep(Path log, Path copy) throws IOException {
        if (!Files.exists(log)) {
            return;
        }
        try (FileChannel from = FileChannel.open(log);
                FileChannel to = FileChannel.open(
                        copy,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            long begin = Math.max(0, from.size() - LONGEST_LOG);
            from.transferTo(begin, LONGEST_LOG, to);
        }
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    private static void append(Path file, String... columns) throws IOException {
        Files.writeString(file, String.join("\t", columns) + "\n", StandardOpenOption.APPEND);
    }
}
