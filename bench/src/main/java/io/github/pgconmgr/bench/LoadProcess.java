package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Program;
import java.util.List;
import java.util.stream.Stream;

/**
 * A load that runs. It writes lines: a word, then numbers. Confined to the main thread.
 */
final class LoadProcess {

    private final Program program;

    LoadProcess(Program program) {
        this.program = program;
    }

    /** Tells it to go on. */
    void tell(String line) {
        program.writeLine(line);
    }

    /** Its process id on this machine. */
    long pid() {
        return program.pid();
    }

    /** Sends SIGTERM and blocks until it has ended. */
    void terminate() {
        program.signal("TERM");
        program.awaitExit(Stage.LIMIT);
    }

    /** Ends it, whatever it does. */
    void kill() {
        program.kill();
    }

    /** All that it has written. */
    String text() {
        return String.join("\n", program.output().lines());
    }

    /** Blocks until it has written so many lines with that word. */
    void await(String word, int count) {
        Await.until(word + " in " + program.output().file().getFileName(), Stage.LIMIT, () -> {
            if (!program.isAlive() && rows(word).size() < count) {
                throw new AssertionError(String.join("\n", program.output().lines()));
            }
            return rows(word).size() >= count;
        });
    }

    /** The numbers of all lines with that word. */
    List<List<Double>> rows(String word) {
        return program.output().lines().stream()
                .filter(line -> line.equals(word) || line.startsWith(word + " "))
                .map(line ->
                        Stream.of(line.split(" ")).skip(1).map(Double::valueOf).toList())
                .toList();
    }

    /** One column of the lines with that word. */
    Samples column(String word, int column) {
        return Samples.of(rows(word).stream().map(row -> row.get(column)).toList());
    }

    /** The quotients of two columns, line by line. */
    Samples ratio(String word, int above, int below) {
        return Samples.of(
                rows(word).stream().map(row -> row.get(above) / row.get(below)).toList());
    }
}
