package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.ManyConmgrs;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * One watchdog with up to 10,000 conmgrs that beat once a second, each from an address of its own: what it takes, how long a BEAT and its echo
 * travel, and whether it ever takes one for dead. Immutable but for what it found.
 */
final class HeartbeatScaleFigure implements Figure {

    private static final List<Integer> SIZES = List.of(10, 100, 1_000, 10_000);
    private static final int MOST = 10_000;
    /** A net that only its one host has, so that the server's neighbour table holds one entry. */
    private static final String NET = "10.80.0.0/16";

    private static final int FIRST_HOST = 10 << 24 | 80 << 16 | 1 << 8;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Their timeout is 20 s: then all are armed, and so could be taken for dead. */
    private static final Duration ARMING = Duration.ofSeconds(25);

    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final List<String> ALARMS = List.of("-> DEAD", "-> LOST", "-> GRACE", "fell silent", "WARNING");

    final Curve cpuPercent = new Curve("watchdog");
    final Curve resident = new Curve("watchdog");
    final Curve tripMedian = new Curve("median");
    final Curve tripP99 = new Curve("p99");

    private final Duration watched;

    /**
     * @param watched for how long there must be no false alarm
     */
    HeartbeatScaleFigure(Duration watched) {
        this.watched = watched;
    }

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100, Map.of("watchdog.max_heartbeat_connections", Integer.toString(MOST + 100)))) {
            openNet(stage);
            List<LoadProcess> loads = new ArrayList<>();
            int connected = 0;
            for (int size : SIZES) {
                loads.add(connect(stage, connected, size));
                connected = size;
                pause(WARM_UP);
                use(stage, loads, size, WINDOW);
            }
            return outcomes(stage, loads);
        }
    }

    private static void openNet(Stage stage) {
        LabHost clients = stage.story().db2();
        clients.exec("ip", "route", "add", "local", NET, "dev", "lo").expectSuccess();
        stage.story()
                .db1()
                .exec("ip", "route", "add", NET, "via", clients.address())
                .expectSuccess();
    }

    private static LoadProcess connect(Stage stage, int from, int to) {
        int first = FIRST_HOST + from;
        String address = (first >>> 24) + "." + (first >>> 16 & 255) + "." + (first >>> 8 & 255) + "." + (first & 255);
        LoadProcess load = stage.start(
                stage.story().db2(),
                ManyConmgrs.class,
                stage.primary().address(),
                Integer.toString(WorkerFigure.PORT),
                address,
                Integer.toString(to - from));
        load.await("READY", 1);
        Await.until(to + " conmgrs in the view", LIMIT, () -> rows(stage) == to);
        return load;
    }

    private static int rows(Stage stage) {
        return Integer.parseInt(stage.primary().sql("SELECT count(*) FROM pgx_stat_watchdog"));
    }

    private void use(Stage stage, List<LoadProcess> loads, int size, Duration window) {
        long pid = WorkerFigure.worker(stage);
        trips(loads);
        Map<String, Long> cpu = ProcFs.cpuByThread(pid);
        long begin = NanoClock.SYSTEM.nanoTime();
        pause(window);
        double percent = 100.0 * ProcFs.cpuNanosSince(pid, cpu) / (double) (NanoClock.SYSTEM.nanoTime() - begin);
        List<Double> trip = trips(loads);
        cpuPercent.add(size, percent);
        resident.add(size, ProcFs.megabytes(pid, "status", "VmRSS"));
        tripMedian.add(size, trip.get(0));
        tripP99.add(size, trip.get(1));
        System.out.println(String.format(
                Locale.ROOT,
                "  %d conmgrs: CPU %.2f %%, RSS %.1f MB, round trip p50 %.3f p99 %.3f max %.3f ms (load late by %.1f ms)",
                size,
                percent,
                ProcFs.megabytes(pid, "status", "VmRSS"),
                trip.get(0),
                trip.get(1),
                trip.get(2),
                trip.get(3)));
    }

    /** Median, p99, greatest, the load's own lateness, in ms; of the youngest load, which is by far the greatest. */
    private static List<Double> trips(List<LoadProcess> loads) {
        LoadProcess load = loads.get(loads.size() - 1);
        int before = load.rows("LATE").size();
        loads.forEach(each -> each.tell("report"));
        load.await("LATE", before + 1);
        List<List<Double>> trips = load.rows("TRIP");
        List<Double> last = new ArrayList<>(trips.get(trips.size() - 1).subList(0, 3));
        last.add(load.rows("LATE").get(before).get(0));
        return last;
    }

    private List<Outcome> outcomes(Stage stage, List<LoadProcess> loads) {
        pause(ARMING);
        int armed = lines(stage, "PROVING -> ARMED");
        int before = alarms(stage);
        String view = viewMillis(stage);
        Curve.Point first = last(cpuPercent);
        long pid = WorkerFigure.worker(stage);
        Map<String, Long> cpu = ProcFs.cpuByThread(pid);
        trips(loads);
        pause(watched);
        double percent = 100.0 * ProcFs.cpuNanosSince(pid, cpu) / 1e9 / (double) watched.toSeconds();
        List<Double> trip = trips(loads);
        int alarms = alarms(stage) - before;
        boolean lost = loads.stream().anyMatch(load -> !load.rows("LOST").isEmpty());
        int left = rows(stage);
        String what = "10,000 conmgrs at 1 s: ";
        return List.of(
                new Outcome(
                        what + "false alarms in " + watched.toSeconds() + " s",
                        "0",
                        alarms + (lost ? ", and a load lost a connection" : ""),
                        Verdict.atMost(alarms + MOST - left + (lost ? 1 : 0), 0),
                        left + " in the view; " + armed
                                + " lines of arming (more are dropped from the log); stalls logged: "
                                + lines(stage, "was stalled")),
                new Outcome(
                        what + "CPU of the watchdog",
                        "told",
                        String.format(Locale.ROOT, "%.1f %% of a core", percent),
                        Verdict.NO_TARGET,
                        String.format(Locale.ROOT, "the first %d s: %.1f %%", WINDOW.toSeconds(), first.value())),
                new Outcome(
                        what + "RSS of the watchdog",
                        "told",
                        String.format(Locale.ROOT, "%.0f MB", ProcFs.megabytes(pid, "status", "VmRSS")),
                        Verdict.NO_TARGET,
                        "the view: " + view),
                new Outcome(
                        what + "round trip, p50 and p99",
                        "told",
                        String.format(
                                Locale.ROOT, "%.2f and %.2f ms, at most %.0f", trip.get(0), trip.get(1), trip.get(2)),
                        Verdict.NO_TARGET,
                        String.format(Locale.ROOT, "the load itself was late by %.0f ms at most", trip.get(3))));
    }

    private static Curve.Point last(Curve curve) {
        return curve.points().get(curve.points().size() - 1);
    }

    private static String viewMillis(Stage stage) {
        String plan = stage.primary().sql("EXPLAIN (ANALYZE, TIMING OFF) SELECT * FROM pgx_stat_watchdog");
        String time = plan.lines()
                .filter(line -> line.startsWith("Execution Time"))
                .findFirst()
                .orElse("?");
        return rows(stage) + " rows, " + time;
    }

    private static int alarms(Stage stage) {
        return ALARMS.stream().mapToInt(alarm -> lines(stage, alarm)).sum();
    }

    private static int lines(Stage stage, String text) {
        return stage.primary().log().linesWith(text).size();
    }

    private static void pause(Duration duration) {
        long end = NanoClock.SYSTEM.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - NanoClock.SYSTEM.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
