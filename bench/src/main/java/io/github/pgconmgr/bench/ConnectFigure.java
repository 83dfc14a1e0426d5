package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.ConnectLoad;
import java.util.List;
import java.util.Locale;

/** What a JDBC connect costs more through conmgr than straight to the instance. Immutable. */
final class ConnectFigure implements Figure {

    private static final int BLOCKS = 15;
    private static final double TARGET = 1.10;

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100)) {
            stage.startConmgr(1000, 20_000);
            LoadProcess load = stage.start(
                    stage.story().app(),
                    ConnectLoad.class,
                    Stage.conmgrUrl(),
                    stage.directUrl(),
                    Integer.toString(BLOCKS));
            load.await("END", 1);
            Samples ratio = load.ratio("BLOCK", 0, 1);
            String beside = String.format(
                    Locale.ROOT,
                    "%.0f µs against %.0f µs; direct ÷ direct %s; CPU of the connecting thread %s",
                    load.column("BLOCK", 0).median(),
                    load.column("BLOCK", 1).median(),
                    load.ratio("BLOCK", 2, 1).text(3),
                    load.ratio("CPU", 0, 1).text(2));
            return List.of(new Outcome(
                    "JDBC connect through conmgr ÷ pgjdbc straight to the instance",
                    "<= 1.10",
                    ratio.text(3),
                    Verdict.atMost(ratio.median(), TARGET),
                    beside));
        }
    }
}
