package io.github.pgconmgr.faults.soak;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process of ours on a host of a lab, as {@code /proc} of this machine shows it. Immutable; what it measures is read anew.
 *
 * @param role what it is and where, such as {@code conmgr app1}
 * @param pid as this machine numbers it
 */
public record OurProcess(String role, long pid) {

    private static final Path PROC = Path.of("/proc");

    /** The kinds of processes that are ours, by their command lines. */
    private static Optional<String> kind(List<String> argv) {
        String program = argv.get(0);
        if (argv.contains("io.github.pgconmgr.daemon.ConmgrMain")) {
            return Optional.of("conmgr");
        }
        if (argv.contains("io.github.pgconmgr.faults.load.JdbcLoad") && program.endsWith("java")) {
            return Optional.of("JDBC load");
        }
        if (program.endsWith("/tools/load")) {
            return Optional.of("libpq load");
        }
        if (program.startsWith("postgres:")) {
            // "postgres: CLUSTER_NAME: watchdog"
            String title = program.strip();
            return Optional.of(title.substring(title.lastIndexOf(' ') + 1))
                    .filter(word -> word.equals("watchdog") || word.equals("terminator"));
        }
        return Optional.empty();
    }

    /** Our processes on the host with that process 1 (as this machine numbers it). */
    public static List<OurProcess> of(String host, long initPid) throws IOException {
        List<OurProcess> found = new ArrayList<>();
        Path namespace = Files.readSymbolicLink(PROC.resolve(initPid + "/ns/pid"));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                read(host, namespace, folder).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<OurProcess> read(String host, Path namespace, Path folder) {
        try {
            if (!Files.readSymbolicLink(folder.resolve("ns/pid")).equals(namespace)) {
                return Optional.empty();
            }
            List<String> argv =
                    List.of(Files.readString(folder.resolve("cmdline")).split("\0", -1));
            Optional<String> kind = kind(argv);
            if (kind.isEmpty()) {
                return Optional.empty();
            }
            long pid = Long.parseLong(folder.getFileName().toString());
            return Optional.of(new OurProcess(kind.get() + " " + host, pid));
        } catch (IOException e) {
            // It has ended meanwhile, or is a zombie.
            return Optional.empty();
        }
    }

    /** Everything but {@link Measure#HEAP}; an IOException says that it has ended. */
    public Map<Measure, Long> measure() throws IOException {
        Path folder = PROC.resolve(Long.toString(pid));
        Map<Measure, Long> all = new EnumMap<>(Measure.class);
        all.put(Measure.RSS, kibibytes(folder.resolve("smaps_rollup"), "Rss:"));
        all.put(Measure.PSS, kibibytes(folder.resolve("smaps_rollup"), "Pss:"));
        all.put(
                Measure.THREADS,
                Long.valueOf(value(folder.resolve("status"), "Threads:").strip()));
        try (var descriptors = Files.list(folder.resolve("fd"))) {
            all.put(Measure.DESCRIPTORS, descriptors.count());
        }
        return all;
    }

    private static long kibibytes(Path file, String key) throws IOException {
        return Long.parseLong(value(file, key).replace("kB", "").strip());
    }

    private static String value(Path file, String key) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .map(line -> line.substring(key.length()))
                .orElseThrow(() -> new IOException("no " + key + " in " + file));
    }
}
