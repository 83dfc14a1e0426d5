package io.github.pgconmgr.bench;

import java.util.List;
import java.util.Locale;

/** What pgbench with 16 clients pays for libpqcm: time, CPU, instructions and memory. Immutable. */
final class LibpqFigure implements Figure {

    private static final int ROUNDS = 5;
    private static final int COUNTED_ROUNDS = 2;
    private static final int SECONDS = 3;
    private static final double CPU_TARGET = 1.05;
    private static final double INSTRUCTIONS_TARGET = 1.07;
    private static final double MEMORY_TARGET_KIBIBYTES = 1;

    private final ThreeWays connectTime = new ThreeWays();
    private final ThreeWays preparedTime = new ThreeWays();
    private final ThreeWays preparedCpu = new ThreeWays();
    private final ThreeWays instructions = new ThreeWays();
    private final ThreeWays allocated = new ThreeWays();
    private final ThreeWays resident = new ThreeWays();

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(Pgbench.MAX_CONNECTIONS)) {
            stage.startConmgr(1000, 20_000);
            Pgbench pgbench = new Pgbench(stage);
            // Some 1,000 connections each way: conmgr's code gets compiled.
            Way.inTurn(0, way -> pgbench.select(way, SECONDS, "-C"));
            for (int round = 0; round < ROUNDS; round++) {
                // The two by turns, else the closed connections of the first would use up the host's ports.
                Way.inTurn(round, way -> connect(pgbench, way));
                Way.inTurn(round, way -> prepared(pgbench, way));
            }
            for (int round = 0; round < COUNTED_ROUNDS; round++) {
                Way.inTurn(round, way -> instructions.add(way, pgbench.instructions(way)));
                Way.inTurn(round, way -> resident.add(way, pgbench.residentKibibytes(way)));
                Way.inTurn(round, way -> allocated.add(way, pgbench.allocatedKibibytes(way)));
            }
        }
        return List.of(
                time("pgbench -C -S, 16 clients, through conmgr ÷ direct, time of a transaction", connectTime),
                time("pgbench -S -M prepared, 16 clients, redirected ÷ direct, time of a transaction", preparedTime),
                atMost("the same, CPU of pgbench for a transaction", CPU_TARGET, preparedCpu, "%.1f", "µs"),
                atMost("the same, user instructions (callgrind)", INSTRUCTIONS_TARGET, instructions, "%.0f", "each"),
                memory());
    }

    private void connect(Pgbench pgbench, Way way) {
        connectTime.add(way, pgbench.select(way, SECONDS, "-C").micros());
    }

    private void prepared(Pgbench pgbench, Way way) {
        PgbenchRun run = pgbench.select(way, SECONDS, "-M", "prepared");
        preparedTime.add(way, run.micros());
        preparedCpu.add(way, run.cpuMicros());
    }

    private static Outcome time(String what, ThreeWays time) {
        Samples ratio = time.ratio();
        Verdict verdict = Verdict.noneAbove(ratio.median(), time.noise());
        return new Outcome(what, "none shown", ratio.text(3), verdict, beside(time, "%.1f", "µs"));
    }

    private static Outcome atMost(String what, double target, ThreeWays each, String format, String unit) {
        Samples ratio = each.ratio();
        Verdict verdict = Verdict.atMost(ratio.median(), target, each.noise());
        return new Outcome(what, "<= " + target, ratio.text(3), verdict, beside(each, format, unit));
    }

    private static String beside(ThreeWays each, String format, String unit) {
        return String.format(
                Locale.ROOT,
                format + " against " + format + " " + unit + "; direct ÷ direct %s",
                each.of(Way.OURS).median(),
                each.of(Way.DIRECT).median(),
                each.noise().text(3));
    }

    private Outcome memory() {
        Samples more = allocated.compared(Way.OURS, (ours, direct) -> ours - direct);
        String beside = String.format(
                Locale.ROOT,
                "%.2f against %.2f KiB allocated (memcheck), and a handle; resident %.1f against %.1f KiB",
                allocated.of(Way.OURS).median(),
                allocated.of(Way.DIRECT).median(),
                resident.of(Way.OURS).median(),
                resident.of(Way.DIRECT).median());
        return new Outcome(
                "libpq, memory of a connection beyond stock libpq's",
                "<= 1 KiB",
                more.text(2) + " KiB",
                Verdict.atMost(more.median(), MEMORY_TARGET_KIBIBYTES),
                beside);
    }
}
