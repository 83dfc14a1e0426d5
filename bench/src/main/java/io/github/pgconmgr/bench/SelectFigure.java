package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.SelectLoad;
import java.util.List;
import java.util.Locale;

/** Whether a redirected connection is slower than a direct one, once it stands. Immutable. */
final class SelectFigure implements Figure {

    private static final int BLOCKS = 30;
    private static final double CPU_TARGET = 1.02;

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100)) {
            stage.startConmgr(1000, 20_000);
            LoadProcess load = stage.start(
                    stage.story().app(),
                    SelectLoad.class,
                    Stage.conmgrUrl(),
                    stage.directUrl(),
                    Integer.toString(BLOCKS));
            load.await("END", 1);
            Samples time = load.ratio("TIME", 0, 1);
            Samples cpu = load.ratio("CPU", 0, 1);
            return List.of(
                    new Outcome(
                            "select loop on a redirected connection ÷ direct, time",
                            "none shown",
                            time.text(3),
                            Verdict.noneAbove(time.median(), load.ratio("TIME", 2, 1)),
                            beside(load, "TIME")),
                    new Outcome(
                            "the same, CPU of the client",
                            "<= 1.02",
                            cpu.text(3),
                            Verdict.atMost(cpu.median(), CPU_TARGET, load.ratio("CPU", 2, 1)),
                            beside(load, "CPU")));
        }
    }

    private static String beside(LoadProcess load, String word) {
        return String.format(
                Locale.ROOT,
                "%.1f µs against %.1f µs a select; direct ÷ direct %s",
                load.column(word, 0).median(),
                load.column(word, 1).median(),
                load.ratio(word, 2, 1).text(3));
    }
}
