package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.AwareSessions;
import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

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
    /** "used 12345K" of each part of the heap. */
    private static final Pattern USED = Pattern.compile("(?:generation|Metaspace)[^\\n]* used (\\d+)K");

    final Curve noticeMedian = new Curve("median");
    final Curve noticeLast = new Curve("last");
    final Curve resident = new Curve("conmgr, RSS");
    final Curve live = new Curve("conmgr, heap in use after a full collection");

    /** As many as are asked for, or as file descriptors allow here. */
    private final int most = (int) Math.min(WANTED, ProcFs.openFilesAllowed() - OTHER_FILES);

    private final List<Outcome> outcomes = new ArrayList<>();

    /** What conmgr takes. Immutable. */
    private record Memory(double residentMegabytes, double liveMegabytes) {}

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
            Memory empty = memory(stage);
            int round = 2;
            for (int size : SMALLER) {
                one(stage, load, size, round++, empty);
            }
            one(stage, load, most, round, empty);
        }
        return outcomes;
    }

    private void one(Stage stage, LoadProcess load, int size, int round, Memory empty) {
        List<Double> answers = ask(stage, load, size, round);
        Memory memory = memory(stage);
        resident.add(size, memory.residentMegabytes);
        live.add(size, memory.liveMegabytes);
        List<Double> notice = cut(stage, load, round);
        noticeMedian.add(size, notice.get(0));
        noticeLast.add(size, notice.get(1));
        System.out.println(String.format(
                Locale.ROOT,
                "  %d sessions: %.0f a second, p50 %.0f p99 %.0f max %.0f µs; RSS %.1f MB, live heap %.1f MB; notice median %.1f last "
                        + "%.1f ms",
                size,
                answers.get(0),
                answers.get(1),
                answers.get(2),
                answers.get(3),
                memory.residentMegabytes,
                memory.liveMegabytes,
                notice.get(0),
                notice.get(1)));
        if (size == most) {
            tell(answers, empty, memory, notice);
        }
    }

    private void tell(List<Double> answers, Memory empty, Memory full, List<Double> notice) {
        double resident = (full.residentMegabytes - empty.residentMegabytes) * 1024 / most;
        double live = (full.liveMegabytes - empty.liveMegabytes) * 1024 / most;
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
                String.format(Locale.ROOT, "%.2f KiB", live),
                Verdict.atMost(live, KIBIBYTES_TARGET),
                String.format(
                        Locale.ROOT,
                        "heap in use after a full collection, %.1f MB without a session; resident grew by %.2f KiB each, from %.0f MB to "
                                + "%.0f MB",
                        empty.liveMegabytes,
                        resident,
                        empty.residentMegabytes,
                        full.residentMegabytes)));
        outcomes.add(new Outcome(
                most + " aware sessions: conmgr's judgement to the last notice",
                "<= 200 ms",
                String.format(Locale.ROOT, "%.1f ms", notice.get(1)),
                Verdict.atMost(notice.get(1), NOTICE_TARGET_MILLIS),
                String.format(
                        Locale.ROOT, "median %.1f ms; read by one thread, on the same two cores", notice.get(0))));
    }

    private static void round(Stage stage, LoadProcess load, int size, int round) {
        ask(stage, load, size, round);
        cut(stage, load, round);
    }

    private static List<Double> ask(Stage stage, LoadProcess load, int size, int round) {
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

    private static Memory memory(Stage stage) {
        jcmd(stage, "GC.run");
        Finished heap = jcmd(stage, "GC.heap_info");
        long kilobytes = USED.matcher(heap.out())
                .results()
                .map(MatchResult::group)
                .mapToLong(SessionScaleFigure::kilobytes)
                .sum();
        return new Memory(ProcFs.megabytes(stage.conmgr(), "status", "VmRSS"), kilobytes / 1024.0);
    }

    private static long kilobytes(String row) {
        return Long.parseLong(row.substring(row.lastIndexOf(' ') + 1, row.length() - 1));
    }

    private static Finished jcmd(Stage stage, String command) {
        String pid = Long.toString(stage.story().conmgrPid());
        return stage.story()
                .app()
                .run(Account.NOBODY, Stage.LIMIT, List.of(jdk("jcmd"), pid, command))
                .expectSuccess();
    }

    private static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }
}
