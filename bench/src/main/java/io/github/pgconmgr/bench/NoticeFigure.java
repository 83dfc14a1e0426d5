package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.SessionsLoad;
import java.util.ArrayList;
import java.util.List;

/**
 * How long 500 sessions that are blocked in a read hang on after conmgr's judgement (its log line) when the instance's host
 * has gone silent. Only what that host sends is lost, so that the watchdog does not end the same sessions meanwhile. Immutable.
 */
final class NoticeFigure implements Figure {

    private static final int SESSIONS = 500;
    private static final int ROUNDS = 5;
    private static final int TIMEOUT_MILLIS = 1000;
    private static final double MAX_TARGET_MILLIS = 50;
    private static final double MEDIAN_TARGET_MILLIS = 10;

    @Override
    public List<Outcome> measure() {
        List<Samples> rounds = new ArrayList<>();
        int stockHanging = 0;
        try (Stage stage = new Stage(SESSIONS + 100)) {
            stage.startConmgr(200, TIMEOUT_MILLIS);
            LoadProcess ours =
                    stage.start(stage.story().app(), SessionsLoad.class, Stage.conmgrUrl(), Integer.toString(SESSIONS));
            for (int round = 1; round <= ROUNDS; round++) {
                LoadProcess stock = stage.start(stage.story().app(), SessionsLoad.class, stage.directUrl(), "1");
                rounds.add(round(stage, ours, stock, round));
                stockHanging += stock.rows("ROUND").isEmpty() ? 1 : 0;
                afterRound(stage);
            }
        }
        Samples medians = Samples.of(rounds.stream().map(Samples::median).toList());
        Samples latest = Samples.of(rounds.stream().map(Samples::max).toList());
        String beside = "stock pgjdbc: still hanging in " + stockHanging + " of " + ROUNDS + " rounds";
        return List.of(
                new Outcome(
                        "silent cut, 500 blocked sessions: conmgr's judgement to SQLException 08006, the latest",
                        "<= 50 ms",
                        latest.text(1) + " ms",
                        Verdict.atMost(latest.max(), MAX_TARGET_MILLIS),
                        beside + "; held against the greatest"),
                new Outcome(
                        "the same, median of the 500",
                        "<= 10 ms",
                        medians.text(1) + " ms",
                        Verdict.atMost(medians.median(), MEDIAN_TARGET_MILLIS),
                        beside));
    }

    /** Milliseconds from the judgement, one per session. */
    private static Samples round(Stage stage, LoadProcess ours, LoadProcess stock, int round) {
        ours.tell("go");
        stock.tell("go");
        stage.awaitBusySessions(stage.story().app(), SESSIONS + 1);
        int before = stage.conmgrLog().linesWith("-> DOWN").size();
        stage.story().lab().cutFrom(stage.story().db1());
        ours.await("ROUND", round);
        if (!ours.rows("ODD").isEmpty()) {
            throw new AssertionError("a session ended in another way");
        }
        String judgement = Stage.awaitNewLine(stage.conmgrLog(), "-> DOWN", before);
        long judged = Moments.now().nanosOf(judgement);
        List<List<Double>> gone = ours.rows("GONE");
        return Samples.of(gone.subList((round - 1) * SESSIONS, round * SESSIONS).stream()
                .map(row -> (row.get(0) - judged) / 1e6)
                .toList());
    }

    private static void afterRound(Stage stage) {
        int before = stage.conmgrLog().linesWith("-> ALIVE").size();
        stage.story().lab().heal(stage.story().db1());
        stage.primary().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_addr IS NOT NULL");
        Stage.awaitNewLine(stage.conmgrLog(), "-> ALIVE", before);
        stage.awaitBusySessions(stage.story().app(), 0);
    }
}
