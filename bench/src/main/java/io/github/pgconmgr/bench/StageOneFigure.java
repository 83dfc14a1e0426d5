package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.BareServer;
import io.github.pgconmgr.bench.load.StageOneLoad;
import io.github.pgconmgr.story.Story;
import java.util.List;
import java.util.Locale;

/** How long a driver waits for conmgr's answer, at 1,000 drivers a second. Immutable. */
final class StageOneFigure implements Figure {

    private static final int BARE_PORT = 27999;
    private static final int TURNS = 12;
    /** After the first turn that counts, which is when the CPU time is read first. */
    private static final int ASKED = (TURNS - 1) * StageOneLoad.PER_SECOND;

    private static final int P50 = 0;
    private static final int P99 = 1;
    private static final double P50_TARGET_MICROS = 150;
    private static final double P99_TARGET_MICROS = 2000;

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100)) {
            stage.startConmgr(1000, 20_000);
            LoadProcess bare = stage.start(stage.story().app(), BareServer.class, Integer.toString(BARE_PORT));
            bare.await("READY", 1);
            long conmgr = stage.conmgr();
            LoadProcess load = stage.start(
                    stage.story().app(),
                    StageOneLoad.class,
                    Integer.toString(Story.CONMGR_PORT),
                    Integer.toString(BARE_PORT),
                    Integer.toString(TURNS));
            load.await("OURS", 1);
            long cpuOurs = ProcFs.cpuNanos(conmgr);
            long cpuBare = ProcFs.cpuNanos(bare.pid());
            load.await("END", 1);
            String cpu = String.format(
                    Locale.ROOT,
                    "CPU for one: conmgr %.0f µs, the bare server %.0f µs",
                    (ProcFs.cpuNanos(conmgr) - cpuOurs) / 1e3 / ASKED,
                    (ProcFs.cpuNanos(bare.pid()) - cpuBare) / 1e3 / ASKED);
            return List.of(
                    outcome(load, "p50", P50, P50_TARGET_MICROS, cpu),
                    outcome(load, "p99", P99, P99_TARGET_MICROS, TURNS + " turns of 1 s each"));
        }
    }

    private static Outcome outcome(LoadProcess load, String name, int column, double targetMicros, String remark) {
        Samples ours = load.column("OURS", column);
        return new Outcome(
                "stage 1 on loopback, 1,000 a second, " + name,
                "<= " + Math.round(targetMicros) + " µs",
                ours.text(0) + " µs",
                Verdict.atMost(ours.median(), targetMicros),
                "a bare server: " + load.column("BARE", column).text(0) + " µs; " + remark);
    }
}
