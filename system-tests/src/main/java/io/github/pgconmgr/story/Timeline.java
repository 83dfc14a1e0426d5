package io.github.pgconmgr.story;

import io.github.pgconmgr.time.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the demo tells: seconds since it began, and figures at its end. Confined to the main thread. */
final class Timeline {

    private record Figure(String what, long nanos, String bound) {}

    private final long startNanos = NanoClock.SYSTEM.nanoTime();
    private final List<Figure> figures = new ArrayList<>();

    /** The clock of every measurement; the applications' lines carry the same one. */
    long now() {
        return NanoClock.SYSTEM.nanoTime();
    }

    void step(String title) {
        System.out.println();
        say(title);
    }

    void say(String text) {
        System.out.printf(Locale.ROOT, "%8.3f s  %s%n", (now() - startNanos) / 1e9, text);
    }

    /** Output of a program, indented. */
    void show(String text) {
        text.strip().lines().forEach(line -> System.out.println("              " + line));
    }

    /** A measured time. */
    void figure(String what, long nanos, String bound) {
        figures.add(new Figure(what, nanos, bound));
        String beside = bound.isEmpty() ? "" : " (" + bound + ")";
        say(String.format(Locale.ROOT, "%s: %.3f s%s", what, nanos / 1e9, beside));
    }

    void printFigures() {
        System.out.println("\nMeasured:");
        for (Figure figure : figures) {
            System.out.printf(Locale.ROOT, "  %-66s %7.3f s   %s%n", figure.what, figure.nanos / 1e9, figure.bound);
        }
    }
}
