package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.SessionsLoad;
import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An application host with some hundred busy sessions loses power: the watchdog's judgement (its log line) to the end of the last
 * backend process. Beside it a host without conmgr loses power at the same time. Immutable.
 */
final class DeadHostFigure implements Figure {

    private static final int WITHOUT_US = 20;
    private static final long LOOK_NANOS = Duration.ofMillis(2).toNanos();

    private final int sessions;
    private final int rounds;
    private final double targetSeconds;
    private final Curve growth;

    /**
     * @param growth takes the median in ms
     */
    DeadHostFigure(int sessions, int rounds, double targetSeconds, Curve growth) {
        this.sessions = sessions;
        this.rounds = rounds;
        this.targetSeconds = targetSeconds;
        this.growth = growth;
    }

    @Override
    public List<Outcome> measure() {
        List<Double> millis = new ArrayList<>();
        int left = 0;
        try (Stage stage = new Stage(sessions + 100)) {
            for (int round = 0; round < rounds; round++) {
                millis.add(round(stage));
                left += backends(stage, stage.story().db2()).size();
                afterRound(stage);
            }
        }
        Samples samples = Samples.of(millis);
        growth.add(sessions, samples.median());
        return List.of(new Outcome(
                sessions + " sessions of a dead host: judgement to the last gone",
                "<= " + Math.round(targetSeconds) + " s",
                samples.text(0) + " ms",
                Verdict.atMost(samples.max(), targetSeconds * 1000),
                "a dead host without conmgr: " + left + " of " + rounds * WITHOUT_US
                        + " sessions still there; held against the greatest"));
    }

    private double round(Stage stage) {
        Story story = stage.story();
        int deaths = stage.primary().log().linesWith("ARMED -> DEAD").size();
        int armed = stage.primary().log().linesWith("-> ARMED").size();
        stage.startConmgr(200, 1000);
        stage.start(story.app(), SessionsLoad.class, Stage.conmgrUrl(), Integer.toString(sessions))
                .tell("go");
        stage.start(story.db2(), SessionsLoad.class, stage.directUrl(), Integer.toString(WITHOUT_US))
                .tell("go");
        stage.awaitBusySessions(story.app(), sessions);
        stage.awaitBusySessions(story.db2(), WITHOUT_US);
        Stage.awaitNewLine(stage.primary().log(), "-> ARMED", armed);
        List<Long> victims = backends(stage, story.app());
        if (victims.size() != sessions) {
            throw new AssertionError(victims.size() + " backends");
        }
        story.lab().powerOff(story.db2());
        story.lab().powerOff(story.app());
        long gone = awaitEnd(victims);
        String judgement = Stage.awaitNewLine(stage.primary().log(), "ARMED -> DEAD", deaths);
        return (gone - Moments.now().nanosOf(judgement)) / 1e6;
    }

    private static long awaitEnd(List<Long> victims) {
        long deadline = NanoClock.SYSTEM.nanoTime() + Stage.LIMIT.toNanos();
        for (long victim : victims) {
            while (ProcFs.exists(victim)) {
                if (NanoClock.SYSTEM.nanoTime() - deadline > 0) {
                    throw new AssertionError("a session of the dead host is still there");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        return NanoClock.SYSTEM.nanoTime();
    }

    /** The backends that serve that host; PostgreSQL writes the client's address into their titles. */
    private static List<Long> backends(Stage stage, LabHost client) {
        return ProcFs.children(stage.postmaster()).stream()
                .filter(pid -> ProcFs.commandLine(pid).get(0).contains(" " + client.address() + "("))
                .toList();
    }

    private static void afterRound(Stage stage) {
        stage.primary().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_addr IS NOT NULL");
        stage.story().lab().boot(stage.story().app());
        stage.story().lab().boot(stage.story().db2());
    }
}
