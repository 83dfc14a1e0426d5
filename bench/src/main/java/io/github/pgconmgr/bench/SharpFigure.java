package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PreparedCut;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.ServerLog;
import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sharp settings, an interval of 100 ms and a timeout of 300 ms, with pgbench on every core: how long after a silent cut does conmgr say DOWN, and
 * the watchdog DEAD? What a stall that they logged between cut and judgement has cost is let pass. On busy cores the command that cuts takes its
 * time, and the cut comes somewhere in it: all is counted from before the command, and how long it took is told. Immutable.
 */
final class SharpFigure implements Figure {

    private static final int CUTS = 100;
    private static final int INTERVAL_MILLIS = 100;
    private static final int TIMEOUT_MILLIS = 300;
    private static final int MARGIN_MILLIS = 20;
    private static final Duration SETTLE = Duration.ofMillis(700);
    private static final Pattern CONMGR_STALL = Pattern.compile("heartbeat loop woke (\\d+) ms late");
    private static final Pattern WATCHDOG_STALL = Pattern.compile("this process was stalled for (\\d+) ms");

    /** One side: how its detections went. */
    private static final class Side {

        private final ServerLog log;
        private final String judgement;
        private final Pattern stall;
        private final List<Double> millis = new ArrayList<>();
        private final List<Double> beyondStalls = new ArrayList<>();
        private final List<Double> commands = new ArrayList<>();
        private int before;

        Side(ServerLog log, String judgement, Pattern stall) {
            this.log = log;
            this.judgement = judgement;
            this.stall = stall;
        }

        void begin() {
            before = log.linesWith(judgement).size();
        }

        /** The times of a log are cut to the millisecond. */
        void end(Moments clocks, long cutNanos, long cutDoneNanos) {
            long judged = clocks.nanosOf(Stage.awaitNewLine(log, judgement, before));
            if (judged - cutNanos < 0) {
                throw new AssertionError("a false alarm, " + (cutNanos - judged) / 1_000_000 + " ms before the cut");
            }
            commands.add((cutDoneNanos - cutNanos) / 1e6);
            double took = (judged - cutNanos) / 1e6;
            millis.add(took);
            beyondStalls.add(took - stalled(clocks::nanosOf, cutNanos, judged));
        }

        private long stalled(ToLongFunction<String> time, long from, long to) {
            long sum = 0;
            for (String line : log.lines()) {
                Matcher match = stall.matcher(line);
                if (match.find() && time.applyAsLong(line) >= from && time.applyAsLong(line) <= to) {
                    sum += Long.parseLong(match.group(1));
                }
            }
            return sum;
        }

        Outcome outcome(String who) {
            Samples all = Samples.of(millis);
            Samples beyond = Samples.of(beyondStalls);
            double bound = TIMEOUT_MILLIS + MARGIN_MILLIS;
            return new Outcome(
                    "interval 100 ms, timeout 300 ms, all cores busy: silent cut to " + who,
                    "max less logged stalls <= 320 ms",
                    all.text(0) + " ms",
                    Verdict.atMost(beyond.max(), bound),
                    String.format(
                            Locale.ROOT,
                            "%d cuts, whose commands took %s ms; less the stalls that were logged at most %.0f ms, p90 %.0f ms",
                            all.count(),
                            Samples.of(commands).text(0),
                            beyond.max(),
                            beyond.percentile(90)));
        }
    }

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100)) {
            stage.story().configureConmgr(INTERVAL_MILLIS, TIMEOUT_MILLIS, stage.primary());
            stage.story().cmCtl("start").expectSuccess();
            Side conmgr = new Side(stage.conmgrLog(), "-> DOWN", CONMGR_STALL);
            Side watchdog = new Side(stage.primary().log(), "-> DEAD", WATCHDOG_STALL);
            try (Program load = busy(stage)) {
                for (int i = 0; i < CUTS; i++) {
                    cut(stage, conmgr, watchdog);
                }
                load.signal("TERM");
            }
            return List.of(conmgr.outcome("conmgr's DOWN"), watchdog.outcome("the watchdog's DEAD"));
        }
    }

    /** pgbench beside the server, so that the cut does not stop it. */
    private static Program busy(Stage stage) {
        String pgbench = PgInstall.current().program("pgbench");
        List<String> psql = stage.primary().psqlCommand("postgres");
        List<String> server = psql.subList(psql.indexOf("-h"), psql.indexOf("-d"));
        List<String> init = new ArrayList<>(List.of(pgbench, "-i", "-q", "-s", "5"));
        init.addAll(server);
        init.add("postgres");
        Machine.LOCAL.run(Account.NOBODY, Stage.LIMIT, init).expectSuccess();
        List<String> run =
                new ArrayList<>(List.of(pgbench, "-n", "-S", "-M", "prepared", "-c", "4", "-j", "2", "-T", "3600"));
        run.addAll(server);
        run.add("postgres");
        return stage.story().db1().start(Account.NOBODY, "pgbench", run);
    }

    private static void cut(Stage stage, Side conmgr, Side watchdog) {
        int alive = stage.conmgrLog().linesWith("-> ALIVE").size();
        int armed = stage.primary().log().linesWith("-> ARMED").size();
        conmgr.begin();
        watchdog.begin();
        PreparedCut cut = stage.story().lab().prepareCut(stage.story().db1());
        // Not always at the same moment of the interval.
        pause(SETTLE.plusNanos(
                NanoClock.SYSTEM.nanoTime() % Duration.ofMillis(INTERVAL_MILLIS).toNanos()));
        Moments clocks = Moments.now();
        long cutNanos = NanoClock.SYSTEM.nanoTime();
        cut.make();
        long cutDoneNanos = NanoClock.SYSTEM.nanoTime();
        conmgr.end(clocks, cutNanos, cutDoneNanos);
        watchdog.end(clocks, cutNanos, cutDoneNanos);
        stage.story().lab().heal(stage.story().db1());
        Stage.awaitNewLine(stage.conmgrLog(), "-> ALIVE", alive);
        Stage.awaitNewLine(stage.primary().log(), "-> ARMED", armed);
    }

    private static void pause(Duration duration) {
        long end = NanoClock.SYSTEM.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - NanoClock.SYSTEM.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
