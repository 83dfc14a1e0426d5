package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.ManyConmgrs;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The worker in PostgreSQL: how soon it listens, and what it takes with 100 conmgrs that beat once a second. Immutable. */
final class WorkerFigure implements Figure {

    static final int PORT = 27545;
    private static final int CONMGRS = 100;
    private static final int STARTS = 9;
    private static final int IDLE_WINDOWS = 3;
    private static final int WINDOWS = 8;
    private static final Duration WINDOW = Duration.ofSeconds(3);
    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();
    private static final double LISTEN_TARGET_SECONDS = 0.5;
    private static final double PSS_TARGET_MEGABYTES = 60;
    private static final double CPU_TARGET_PERCENT = 1;

    /** What the worker took, window by window. */
    private record Use(Samples cpuPercent, Samples pss) {}

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(CONMGRS)) {
            List<Outcome> outcomes = new ArrayList<>();
            outcomes.add(starts(stage));
            Use idle = use(stage, IDLE_WINDOWS);
            connectAll(stage);
            Use busy = use(stage, WINDOWS);
            outcomes.add(new Outcome(
                    "watchdog worker, CPU with 100 conmgrs at 1 s",
                    "<= 1 % of a core",
                    busy.cpuPercent.text(2) + " %",
                    Verdict.atMost(busy.cpuPercent.median(), CPU_TARGET_PERCENT),
                    "without a conmgr: " + idle.cpuPercent.text(2) + " %"));
            outcomes.add(new Outcome(
                    "watchdog worker, PSS with 100 conmgrs",
                    "<= 60 MB",
                    busy.pss.text(1) + " MB",
                    Verdict.atMost(busy.pss.median(), PSS_TARGET_MEGABYTES),
                    "without a conmgr: " + idle.pss.text(1) + " MB; other Javas on the machine share its libjvm: RSS "
                            + String.format(
                                    Locale.ROOT, "%.1f MB", ProcFs.megabytes(worker(stage), "status", "VmRSS"))));
            return outcomes;
        }
    }

    private static Outcome starts(Stage stage) {
        List<Double> seconds = new ArrayList<>();
        List<Double> java = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            seconds.add(start(stage));
            java.add(Timed.run(stage.story().app(), Stage.java("-XX:TieredStopAtLevel=1", "-version"))
                    .seconds());
        }
        Samples samples = Samples.of(seconds);
        return new Outcome(
                "watchdog worker, fork to listening",
                "<= 0.5 s",
                samples.text(3) + " s",
                Verdict.atMost(samples.median(), LISTEN_TARGET_SECONDS),
                "java -version: " + Samples.of(java).text(3) + " s");
    }

    /** Ends the worker; seconds from the fork of its successor until that one listens. */
    private static double start(Stage stage) {
        long postmaster = stage.postmaster();
        long old = worker(stage);
        Map<Long, Long> bornNanos = new HashMap<>();
        ProcFs.children(postmaster).forEach(pid -> bornNanos.put(pid, 0L));
        stage.primary().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'watchdog'");
        Await.until("the old worker is gone", Stage.LIMIT, () -> !ProcFs.exists(old));
        long deadline = NanoClock.SYSTEM.nanoTime() + Stage.LIMIT.toNanos();
        while (!ProcFs.someoneListens(postmaster, PORT)) {
            long now = NanoClock.SYSTEM.nanoTime();
            ProcFs.children(postmaster).forEach(pid -> bornNanos.putIfAbsent(pid, now));
            if (now - deadline > 0) {
                throw new AssertionError("the worker does not come back");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        long listens = NanoClock.SYSTEM.nanoTime();
        return (listens - bornNanos.getOrDefault(worker(stage), listens)) / 1e9;
    }

    static long worker(Stage stage) {
        return Await.value(
                "the worker",
                Stage.LIMIT,
                () -> ProcFs.children(stage.postmaster()).stream()
                        .filter(pid -> ProcFs.commandLine(pid).get(0).strip().endsWith(": watchdog"))
                        .findFirst()
                        .orElse(null));
    }

    private static void connectAll(Stage stage) {
        LabHost clients = stage.story().db2();
        int first = 101;
        for (int i = first; i < first + CONMGRS; i++) {
            clients.exec("ip", "addr", "add", "10.79.0." + i + "/24", "dev", "eth0")
                    .expectSuccess();
        }
        stage.start(
                        clients,
                        ManyConmgrs.class,
                        stage.primary().address(),
                        Integer.toString(PORT),
                        "10.79.0." + first,
                        Integer.toString(CONMGRS))
                .await("READY", 1);
        String connected = stage.primary().sql("SELECT count(*) FROM pgx_stat_watchdog");
        if (!connected.equals(Integer.toString(CONMGRS))) {
            throw new AssertionError(connected + " conmgrs are connected");
        }
    }

    private static Use use(Stage stage, int windows) {
        long pid = worker(stage);
        List<Double> percent = new ArrayList<>();
        List<Double> pss = new ArrayList<>();
        for (int i = 0; i < windows; i++) {
            Map<String, Long> cpu = ProcFs.cpuByThread(pid);
            long begin = NanoClock.SYSTEM.nanoTime();
            long now = begin;
            while (now - begin < WINDOW.toNanos()) {
                LockSupport.parkNanos(WINDOW.toNanos() - (now - begin));
                now = NanoClock.SYSTEM.nanoTime();
            }
            percent.add(100.0 * ProcFs.cpuNanosSince(pid, cpu) / (now - begin));
            pss.add(ProcFs.megabytes(pid, "smaps_rollup", "Pss"));
        }
        return new Use(Samples.of(percent), Samples.of(pss));
    }
}
