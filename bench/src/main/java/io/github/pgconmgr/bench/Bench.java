package io.github.pgconmgr.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code make bench}: measures the figures one after the other and prints the table.
 *
 * <pre>
 * Bench [FIGURE ...]    all figures, or those named
 * Bench machine         only tells the machine
 * </pre>
 *
 * A missed figure is printed as missed and is no error: a benchmark on a busy machine must not fail a build.
 *
 * <p>Confined to the main thread.
 */
public final class Bench {

    private static final Map<String, Figure> FIGURES = new LinkedHashMap<>();

    static {
        FIGURES.put("stage1", new StageOneFigure());
        FIGURES.put("connect", new ConnectFigure());
        FIGURES.put("select", new SelectFigure());
        FIGURES.put("notice", new NoticeFigure());
        FIGURES.put("promotion", new PromotionFigure());
        FIGURES.put("deadhost", new DeadHostFigure(500, 4, 1, new Curve("")));
        FIGURES.put("worker", new WorkerFigure());
        FIGURES.put("conmgr", new ConmgrFigure());
        FIGURES.put("sqlcheck", new SqlCheckFigure());
        FIGURES.put("libpq", new LibpqFigure());
        FIGURES.put("sharp", new SharpFigure());
        FIGURES.putAll(RelayFigures.all());
    }

    private Bench() {}

    /** See the class. */
    public static void main(String[] arguments) {
        System.out.println(MachineDescription.text());
        if (List.of(arguments).equals(List.of("machine"))) {
            return;
        }
        List<String> names = arguments.length == 0 ? List.copyOf(FIGURES.keySet()) : List.of(arguments);
        Report report = new Report();
        for (String name : names) {
            measure(name, report);
        }
        System.out.println("\n" + report.table());
        System.out.println(report.misses() ? "Some figures are missed." : "No figure is missed.");
    }

    private static void measure(String name, Report report) {
        measure(name, FIGURES.get(name), report);
    }

    /** Measures one figure and prints it. */
    static void measure(String name, @Nullable Figure figure, Report report) {
        if (figure == null) {
            throw new IllegalArgumentException("no figure " + name + "; there are " + FIGURES.keySet());
        }
        System.out.println("measuring " + name);
        String before = ProcFs.load();
        List<Outcome> outcomes = figure.measure();
        String load = before + " .. " + ProcFs.load();
        for (Outcome outcome : outcomes) {
            System.out.println("  " + outcome.what() + ": " + outcome.measured() + " (" + outcome.target() + ") "
                    + outcome.verdict().word());
            report.add(outcome, load);
        }
    }
}
