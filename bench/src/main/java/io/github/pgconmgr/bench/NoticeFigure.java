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

    private final List<Samples> noticed = new ArrayList<>();
    private final List<Samples> aborted = new ArrayList<>();
    private int stockHanging;

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(SESSIONS + 100)) {
            stage.startConmgr(200, TIMEOUT_MILLIS);
            String count = Integer.toString(SESSIONS);
            LoadProcess ours = stage.start(stage.story().app(), SessionsLoad.class, Stage.conmgrUrl(), count);
            LoadProcess own = stage.start(stage.story().app(), SessionsLoad.class, stage.directUrl(), count, "abort");
            for (int round = 1; round <= ROUNDS; round++) {
                LoadProcess stock = stage.start(stage.story().app(), SessionsLoad.class, stage.directUrl(), "1");
                noticed.add(notice(stage, ours, stock, round));
                stockHanging += stock.rows("ROUND").isEmpty() ? 1 : 0;
                afterCut(stage);
                aborted.add(abort(stage, own, round));
                endSessions(stage);
            }
        }
        return outcomes();
    }

    private List<Outcome> outcomes() {
        Samples latest = latest(noticed);
        Samples medians = medians(noticed);
        return List.of(
                new Outcome(
                        "silent cut, 500 blocked sessions: conmgr's judgement to SQLException 08006, the latest",
                        "<= 50 ms",
                        latest.text(1) + " ms",
                        Verdict.atMost(latest.max(), MAX_TARGET_MILLIS),
                        "stock pgjdbc: still hanging in " + stockHanging + " of " + ROUNDS
                                + " rounds; one thread that calls abort() on 500 stock connections: "
                                + latest(aborted).text(1) + " ms; held against the greatest"),
                new Outcome(
                        "the same, median of the 500",
                        "<= 10 ms",
                        medians.text(1) + " ms",
                        Verdict.atMost(medians.median(), MEDIAN_TARGET_MILLIS),
                        "abort(): " + medians(aborted).text(1) + " ms"));
    }

    private static Samples latest(List<Samples> rounds) {
        return Samples.of(rounds.stream().map(Samples::max).toList());
    }

    private static Samples medians(List<Samples> rounds) {
        return Samples.of(rounds.stream().map(Samples::median).toList());
    }

    /** Milliseconds from the judgement, one per session. */
    private Samples notice(Stage stage, LoadProcess ours, LoadProcess stock, int round) {
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
        return millisSince(ours, round, Moments.now().nanosOf(judgement));
    }

    /** The same end, made by the application itself: what 500 threads cost that all wake up and get an exception. */
    private static Samples abort(Stage stage, LoadProcess own, int round) {
        own.tell("go");
        stage.awaitBusySessions(stage.story().app(), SESSIONS);
        own.tell("abort");
        own.await("ROUND", round);
        return millisSince(own, round, own.rows("CUT").get(round - 1).get(0).longValue());
    }

    private static Samples millisSince(LoadProcess load, int round, long nanos) {
        List<List<Double>> gone = new ArrayList<>(load.rows("GONE"));
        gone.addAll(load.rows("ODD"));
        return Samples.of(gone.subList((round - 1) * SESSIONS, round * SESSIONS).stream()
                .map(row -> (row.get(0) - nanos) / 1e6)
                .toList());
    }

    private static void afterCut(Stage stage) {
        int before = stage.conmgrLog().linesWith("-> ALIVE").size();
        stage.story().lab().heal(stage.story().db1());
        endSessions(stage);
        Stage.awaitNewLine(stage.conmgrLog(), "-> ALIVE", before);
    }

    private static void endSessions(Stage stage) {
        stage.primary().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_addr IS NOT NULL");
        stage.awaitBusySessions(stage.story().app(), 0);
    }
}
