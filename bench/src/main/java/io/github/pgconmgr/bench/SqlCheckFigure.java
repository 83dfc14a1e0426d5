package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What a check by SQL costs the instance: the CPU of the one backend that answers them, a hundred times a second, through the
 * number of times that it has waited for the next one. (PostgreSQL 15 does not tell the transactions of a backend that touches no table.) And what checks cost conmgr. Immutable.
 */
final class SqlCheckFigure implements Figure {

    private static final int WINDOWS = 6;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int STARTS = 5;
    private static final double TARGET_MICROS = 500;
    private static final double START_TARGET_SECONDS = 3;

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100)) {
            stage.primary().sql("CREATE ROLE checker LOGIN");
            stage.primary().sql("CREATE DATABASE checks");
            stage.story().configureConmgr(1000, 20_000, stage.primary());
            Samples startWithout = starts(stage);
            double rssWithout = ProcFs.megabytes(stage.conmgr(), "status", "VmRSS");
            stage.addToConmgrConf("""
                    backend_check0 = sql
                    check_conninfo0 = 'user=checker dbname=checks'
                    check_interval = 10
                    """);
            Samples start = starts(stage);
            return List.of(
                    outcome(stage, rssWithout),
                    new Outcome(
                            "cm_ctl start, until the first check by SQL is answered",
                            "<= 3 s",
                            start.text(3) + " s",
                            Verdict.atMost(start.median(), START_TARGET_SECONDS),
                            "without checks: " + startWithout.text(3) + " s"));
        }
    }

    /** conmgr runs afterwards. */
    private static Samples starts(Stage stage) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            stage.story().cmCtl("stop");
            long begin = NanoClock.SYSTEM.nanoTime();
            stage.story().cmCtl("start").expectSuccess();
            seconds.add((NanoClock.SYSTEM.nanoTime() - begin) / 1e9);
        }
        return Samples.of(seconds);
    }

    private static Outcome outcome(Stage stage, double rssWithout) {
        // That of the conmgr before has ended then, and the compilers have done most of their work.
        pass(WINDOW);
        long backend = Await.value(
                "the backend",
                Stage.LIMIT,
                () -> ProcFs.children(stage.postmaster()).stream()
                        .filter(pid -> ProcFs.commandLine(pid).get(0).contains(": checker checks "))
                        .findFirst()
                        .orElse(null));
        List<Double> ofInstance = new ArrayList<>();
        List<Double> ofConmgr = new ArrayList<>();
        long all = 0;
        for (int i = 0; i < WINDOWS; i++) {
            long checks = ProcFs.waits(backend);
            long backendNanos = ProcFs.cpuNanos(backend);
            long conmgrNanos = ProcFs.cpuNanos(stage.conmgr());
            pass(WINDOW);
            checks = ProcFs.waits(backend) - checks;
            ofInstance.add((ProcFs.cpuNanos(backend) - backendNanos) / 1e3 / checks);
            ofConmgr.add((ProcFs.cpuNanos(stage.conmgr()) - conmgrNanos) / 1e3 / checks);
            all += checks;
        }
        Samples instance = Samples.of(ofInstance);
        return new Outcome(
                "check by SQL, CPU of the instance for one",
                "<= 500 µs",
                instance.text(0) + " µs",
                Verdict.atMost(instance.median(), TARGET_MICROS),
                String.format(
                        Locale.ROOT,
                        "%d checks, 100 a second; CPU of conmgr for one: %s µs; RSS of conmgr %.1f MB, of one without checks"
                                + " %.1f MB",
                        all,
                        Samples.of(ofConmgr).text(0),
                        ProcFs.megabytes(stage.conmgr(), "status", "VmRSS"),
                        rssWithout));
    }

    private static void pass(Duration time) {
        long end = NanoClock.SYSTEM.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - NanoClock.SYSTEM.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
