package io.github.pgconmgr.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code make bench-scale}: how cost grows with the number of conmgrs, of drivers, and of sessions to end; prints the table and draws the
 * curves.
 *
 * <pre>
 * ScaleBench PICTURE SECONDS [heartbeats|sessions|deadhost ...]    all, or those named; the picture is drawn only of all
 * </pre>
 *
 * <p>Confined to the main thread.
 */
public final class ScaleBench {

    private static final List<String> ALL = List.of("heartbeats", "sessions", "deadhost");
    private static final List<Integer> DEAD_HOST_SIZES = List.of(10, 100, 1_000);
    private static final int DEAD_HOST_ROUNDS = 2;
    private static final double DEAD_HOST_SECONDS = 2;
    private static final double NOTICE_MILLIS = 200;

    private final HeartbeatScaleFigure heartbeats;
    private final SessionScaleFigure sessions = new SessionScaleFigure();
    private final Curve ended = new Curve("the last is gone");
    private final Report report = new Report();

    private ScaleBench(Duration watched) {
        heartbeats = new HeartbeatScaleFigure(watched);
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(MachineDescription.text());
        ScaleBench bench = new ScaleBench(Duration.ofSeconds(Long.parseLong(arguments[1])));
        List<String> names = List.of(arguments).subList(2, arguments.length);
        (names.isEmpty() ? ALL : names).forEach(bench::measure);
        System.out.println("\n" + bench.report.table());
        if (names.isEmpty() || names.containsAll(ALL)) {
            Files.writeString(Path.of(arguments[0]), LineChart.svg(bench.panels()));
            System.out.println("The curves: " + arguments[0]);
        }
    }

    private void measure(String name) {
        switch (name) {
            case "heartbeats" -> Bench.measure(name, heartbeats, report);
            case "sessions" -> Bench.measure(name, sessions, report);
            case "deadhost" -> {
                for (int size : DEAD_HOST_SIZES) {
                    Figure figure = new DeadHostFigure(size, DEAD_HOST_ROUNDS, DEAD_HOST_SECONDS, ended);
                    Bench.measure(name + " " + size, figure, report);
                }
            }
            default -> throw new IllegalArgumentException("no figure " + name + "; there are " + ALL);
        }
    }

    private List<Panel> panels() {
        String conmgrs = "conmgrs that beat once a second";
        String drivers = "aware drivers of one conmgr";
        return List.of(
                new Panel("Watchdog: CPU", conmgrs, "% of a core", Double.NaN, List.of(heartbeats.cpuPercent)),
                new Panel("Watchdog: resident memory", conmgrs, "MB", Double.NaN, List.of(heartbeats.resident)),
                new Panel(
                        "Round trip of a heartbeat",
                        conmgrs,
                        "ms",
                        Double.NaN,
                        List.of(heartbeats.tripMedian, heartbeats.tripP99)),
                new Panel("conmgr: memory", drivers, "MB", Double.NaN, List.of(sessions.resident)),
                new Panel(
                        "Silent cut: judgement to notice",
                        drivers,
                        "ms",
                        NOTICE_MILLIS,
                        List.of(sessions.noticeMedian, sessions.noticeLast)),
                new Panel(
                        "Dead host: judgement to the end of its sessions",
                        "sessions of the dead host",
                        "ms",
                        DEAD_HOST_SECONDS * 1000,
                        List.of(ended)));
    }
}
