package io.github.pgconmgr.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The transactions of a pgbench run that ended within a window, from the files of its option {@code --log}. Immutable.
 *
 * @param micros how long each took; with {@code -C} without its connecting
 * @param windowMicros the window's length
 */
record PgbenchLog(List<Double> micros, long windowMicros) {

    private static final int MICROS = 2;
    private static final int END_SECONDS = 4;
    private static final int END_MICROS = 5;

    /**
     * Reads all files whose names begin so: one for each of pgbench's threads.
     *
     * @param fromMicros the window's begin, since the epoch
     * @param toMicros its end
     */
    static PgbenchLog read(Path prefix, long fromMicros, long toMicros) {
        List<Double> micros = new ArrayList<>();
        try {
            for (Path file : files(prefix)) {
                for (String line : Files.readAllLines(file)) {
                    add(line.split(" ", -1), fromMicros, toMicros, micros);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the log of pgbench", e);
        }
        return new PgbenchLog(micros, toMicros - fromMicros);
    }

    /** The files whose names begin so. */
    static List<Path> files(Path prefix) throws IOException {
        try (Stream<Path> all = Files.list(prefix.getParent())) {
            String name = prefix.getFileName() + ".";
            return all.filter(file -> file.getFileName().toString().startsWith(name))
                    .toList();
        }
    }

    private static void add(String[] words, long fromMicros, long toMicros, List<Double> micros) {
        long end = Long.parseLong(words[END_SECONDS]) * 1_000_000 + Long.parseLong(words[END_MICROS]);
        if (end >= fromMicros && end < toMicros) {
            micros.add(Double.valueOf(words[MICROS]));
        }
    }

    int transactions() {
        return micros.size();
    }

    double perSecond() {
        return micros.size() * 1e6 / windowMicros;
    }

    double p99Micros() {
        return Samples.of(micros).percentile(99);
    }
}
