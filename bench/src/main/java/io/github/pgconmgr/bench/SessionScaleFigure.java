package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.AwareSessions;
import io.github.pgconmgr.story.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One conmgr with up to 20,000 aware drivers: their questions at 5,000 a second, what each takes of memory, and how soon the last of them has
 * its notice when the instance's host has gone silent. Only conmgr's side: no driver has an SQL session. Immutable but for what it found.
 */
final class SessionScaleFigure implements Figure {

    /** What conmgr, and the load, need of file descriptors besides one for each session. */
    private static final int OTHER_FILES = 500;

    private static final int WANTED = 20_000;
    private static final List<Integer> SMALLER = List.of(10, 100, 1_000, 10_000);
    private static final int WARM_UP = 5_000;
    private static final int PER_SECOND = 5_000;
    private static final double RATE_REACHED = 0.99;
    private static final double NOTICE_TARGET_MILLIS = 200;
    private static final double KIBIBYTES_TARGET = 5;

    final Curve noticeMedian = new Curve("median");
    final Curve noticeLast = new Curve("last");
    final Curve resident = new Curve("conmgr");

    /** As many as are asked for, or as file descriptors allow here. */
    private final int most = (int) Math.min(WANTED, ProcFs.openFilesAllowed() - OTHER_FILES);

    private final List<Outcome> outcomes = new ArrayList<>();

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100)) {
            stage.story()
                    .app()
                    .exec("sysctl", "-q", "-w", "net.ipv4.ip_local_port_range=10000 65535")
                    .expectSuccess();
            stage.startConmgr(200, 1000);
            LoadProcess load = stage.start(
                    stage.story().app(),
                    AwareSessions.class,
                    Integer.toString(Story.CONMGR_PORT),
                    Integer.toString(PER_SECOND));
            round(stage, load, WARM_UP, 1);
            double empty = memory(stage);
            int round = 2;
            for (int size : SMALLER) {
                one(stage, load, size, round++, empty);
            }
            one(stage, load, most, round, empty);
        }
        return outcomes;
    }

    private void one(Stage stage, LoadProcess load, int size, int round, double empty) {
        List<Double> answers = ask(load, size, round);
        double memory = memory(stage);
        resident.add(size, memory);
        List<Double> notice = cut(stage, load, round);
        noticeMedian.add(size, notice.get(0));
        noticeLast.add(size, notice.get(1));
        System.out.println(String.format(
                Locale.ROOT,
                "  %d sessions: %.0f a second, p50 %.0f p99 %.0f max %.0f µs; RSS %.1f MB; notice median %.1f last "
                        + "%.1f ms",
                size,
                answers.get(0),
                answers.get(1),
                answers.get(2),
                answers.get(3),
                memory,
                notice.get(0),
                notice.get(1)));
        if (size == most) {
            tell(answers, empty, memory, notice);
        }
    }

    private void tell(List<Double> answers, double empty, double full, List<Double> notice) {
        double kibibytes = (full - empty) * 1024 / most;
        outcomes.add(new Outcome(
                most + " questions (stage 1) at 5,000 a second",
                "all in time",
                String.format(Locale.ROOT, "%.0f a second", answers.get(0)),
                Verdict.atLeast(answers.get(0), PER_SECOND * RATE_REACHED),
                String.format(
                        Locale.ROOT,
                        "from the due time p50 %.0f, p99 %.0f, max %.0f µs",
                        answers.get(1),
                        answers.get(2),
                        answers.get(3))));
        outcomes.add(new Outcome(
                most + " aware sessions: memory of conmgr for each",
                "<= 5 KiB",
                String.format(Locale.ROOT, "%.2f KiB", kibibytes),
                Verdict.atMost(kibibytes, KIBIBYTES_TARGET),
                String.format(
                        Locale.ROOT, "RSS %.0f MB; %.0f MB after %d sessions that are gone", full, empty, WARM_UP)));
        outcomes.add(new Outcome(
                most + " aware sessions: conmgr's judgement to the last notice",
                "<= 200 ms",
                String.format(Locale.ROOT, "%.1f ms", notice.get(1)),
                Verdict.atMost(notice.get(1), NOTICE_TARGET_MILLIS),
                String.format(
                        Locale.ROOT, "median %.1f ms; read by one thread, on the same two cores", notice.get(0))));
    }

    private static void round(Stage stage, LoadProcess load, int size, int round) {
        ask(load, size, round);
        cut(stage, load, round);
    }

    private static List<Double> ask(LoadProcess load, int size, int round) {
        load.tell(Integer.toString(size));
        load.await("WAITING", round);
        if (!load.rows("FAILED").isEmpty()) {
            throw new AssertionError(load.text());
        }
        return load.rows("ASKED").get(round - 1);
    }

    /** Milliseconds from the judgement to the median's notice and the last. */
    private static List<Double> cut(Stage stage, LoadProcess load, int round) {
        int down = stage.conmgrLog().linesWith("-> DOWN").size();
        int alive = stage.conmgrLog().linesWith("-> ALIVE").size();
        stage.story().lab().cutFrom(stage.story().db1());
        load.await("CLOSED", round);
        long judged = Moments.now().nanosOf(Stage.awaitNewLine(stage.conmgrLog(), "-> DOWN", down));
        stage.story().lab().heal(stage.story().db1());
        Stage.awaitNewLine(stage.conmgrLog(), "-> ALIVE", alive);
        return load.rows("NOTICE").get(round - 1).stream()
                .map(nanos -> (nanos - judged) / 1e6)
                .toList();
    }

    private static double memory(Stage stage) {
        return ProcFs.megabytes(stage.conmgr(), "status", "VmRSS");
    }
}
