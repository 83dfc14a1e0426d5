package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.LabHost;
import java.util.ArrayList;
import java.util.List;

/** conmgr itself: starting, showing its status, and the memory it takes when nothing happens. Immutable. */
final class ConmgrFigure implements Figure {

    private static final int ROUNDS = 9;
    private static final double START_TARGET_SECONDS = 1.5;
    private static final double STATUS_TARGET_SECONDS = 0.5;
    private static final double RSS_TARGET_MEGABYTES = 120;

    private final List<Timed> starts = new ArrayList<>();
    private final List<Timed> statuses = new ArrayList<>();
    private final List<Timed> javas = new ArrayList<>();
    private final List<Double> rss = new ArrayList<>();

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100)) {
            stage.story().configureConmgr(1000, 20_000, stage.primary());
            for (int i = 0; i < ROUNDS; i++) {
                round(stage);
            }
        }
        Samples start = seconds(starts);
        Samples status = seconds(statuses);
        Samples memory = Samples.of(rss);
        return List.of(
                new Outcome(
                        "cm_ctl start, until the heartbeat to the primary stands",
                        "<= 1.5 s",
                        start.text(3) + " s",
                        Verdict.atMost(start.median(), START_TARGET_SECONDS),
                        java()),
                new Outcome(
                        "cm_ctl status",
                        "<= 0.5 s",
                        status.text(3) + " s",
                        Verdict.atMost(status.median(), STATUS_TARGET_SECONDS),
                        java() + "; CPU of cm_ctl status " + cpu(statuses).text(3) + " s"),
                new Outcome(
                        "conmgr, RSS idle",
                        "<= 120 MB",
                        memory.text(1) + " MB",
                        Verdict.atMost(memory.median(), RSS_TARGET_MEGABYTES),
                        "its heap may grow to 128 MB"));
    }

    private void round(Stage stage) {
        LabHost host = stage.story().app();
        starts.add(Timed.run(host, cmCtl(stage, "start")));
        statuses.add(Timed.run(host, cmCtl(stage, "status")));
        javas.add(Timed.run(host, Stage.java("-XX:TieredStopAtLevel=1", "-version")));
        statuses.add(Timed.run(host, cmCtl(stage, "status")));
        rss.add(ProcFs.megabytes(stage.conmgr(), "status", "VmRSS"));
        Timed.run(host, cmCtl(stage, "stop"));
    }

    private static List<String> cmCtl(Stage stage, String command) {
        String program = BuildFolder.installed("bin/cm_ctl").toString();
        return List.of(program, command, "-D", stage.story().conmgrFolder().toString());
    }

    private String java() {
        return "java -version: " + seconds(javas).text(3) + " s";
    }

    private static Samples seconds(List<Timed> runs) {
        return Samples.of(runs.stream().map(Timed::seconds).toList());
    }

    private static Samples cpu(List<Timed> runs) {
        return Samples.of(runs.stream().map(Timed::cpuSeconds).toList());
    }
}
