package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One line of a scripted program: when (monotonic, the same clock as ours), what, details. Immutable. */
record Timed(long nanos, String word, String details) {

    private static Optional<Timed> parse(String line) {
        String[] parts = line.split(" ", 3);
        boolean complete = parts.length >= 2 && parts[0].matches("-?\\d+");
        return complete
                ? Optional.of(new Timed(Long.parseLong(parts[0]), parts[1], parts.length > 2 ? parts[2] : ""))
                : Optional.empty();
    }

    /** The clock of all lines. */
    static long now() {
        return NanoClock.SYSTEM.nanoTime();
    }

    /** Everything that the program has printed so far with that word. */
    static List<Timed> all(Program program, String word) {
        return program.output().lines().stream()
                .map(Timed::parse)
                .flatMap(Optional::stream)
                .filter(line -> line.word.equals(word))
                .toList();
    }

    /** Blocks until the program prints a line that fits, and gives the first one. */
    static Timed await(Program program, String word, Predicate<Timed> fits, Duration limit) {
        return program.awaitOutput(
                word,
                limit,
                () -> all(program, word).stream().filter(fits).findFirst().orElse(null));
    }

    /** The details up to the first blank. */
    String first() {
        return details.split(" ", 2)[0];
    }

    /** How long after {@code sinceNanos}, in milliseconds. */
    long millisAfter(long sinceNanos) {
        return (nanos - sinceNanos) / 1_000_000;
    }
}
