package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.ReconnectLoad;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The primary's host is gone without a word and the standby is promoted: from {@code pg_promote()} returning to the first
 * successful write of an application that tries all the time. Beside ours, in the same promotions, the host lists of pgjdbc and
 * libpq, the dead host first. Confined to the main thread.
 */
final class PromotionFigure implements Figure {

    private static final int ROUNDS = 30;
    private static final double TARGET_MILLIS = 60;
    private static final int MIN_PAUSE_MILLIS = 1000;
    /** So long a host list takes for a dead host here; the promotion comes at any moment of it. */
    private static final int SPREAD_MILLIS = 2000;

    /** libpq's connect_timeout has no smaller one; neither has a default that would fit into this figure. */
    private static final int PEER_TIMEOUT_SECONDS = 2;

    private static final String PSQL_LOOP = """
            while read -r line; do
              until "$0" -XAtq "$1" -c "INSERT INTO written VALUES ('libpq', 1)" >/dev/null 2>&1; do :; done
              echo "WALL ${EPOCHREALTIME/[.,]/}"
            done
            """;

    /** How conmgr hears of the promotion. The SQL check at 1 s has its place here. */
    private enum Check {
        SHARP("10ms"),
        DEFAULT("1s");

        private final String interval;

        Check(String interval) {
            this.interval = interval;
        }
    }

    private final Map<Check, List<Double>> ours = new EnumMap<>(Check.class);
    private final Map<Check, List<Double>> oursFromTheLog = new EnumMap<>(Check.class);
    private final List<Double> pgjdbc = new ArrayList<>();
    private final List<Double> libpq = new ArrayList<>();
    private final Random random = new Random(7);

    @Override
    public List<Outcome> measure() {
        try (Stage stage = new Stage(100)) {
            PgInstance standby = stage.story().startStandby(stage.primary());
            standby.stop(PgInstance.StopMode.FAST);
            shell(standby, "cp -a \"$0\" \"$0.saved\"");
            stage.story().configureConmgr(1000, 5000, stage.primary(), standby);
            stage.story().cmCtl("start").expectSuccess();
            stage.story().lab().cut(stage.story().db1());
            Stage.awaitNewLine(stage.conmgrLog(), "instance 0: ALIVE -> DOWN", 0);
            Loads loads = new Loads(stage, standby);
            for (int round = 0; round < ROUNDS; round++) {
                for (Check check : Check.values()) {
                    round(stage, standby, check, loads);
                }
            }
        }
        return List.of(outcome(Check.SHARP), outcome(Check.DEFAULT));
    }

    /** What tries to write. Confined to the main thread. */
    private static final class Loads {
        private final LoadProcess ours;
        private final LoadProcess pgjdbc;
        private final LoadProcess libpq;
        private int rounds;

        Loads(Stage stage, PgInstance standby) {
            String dead = stage.primary().address() + ":" + stage.primary().port();
            String alive = standby.address() + ":" + standby.port();
            ours = stage.start(stage.story().app(), ReconnectLoad.class, Stage.conmgrUrl(), "ours");
            pgjdbc = stage.start(
                    stage.story().app(),
                    ReconnectLoad.class,
                    "jdbc:postgresql://" + dead + "," + alive + "/postgres?targetServerType=primary&connectTimeout="
                            + PEER_TIMEOUT_SECONDS,
                    "pgjdbc");
            String list = "host=" + stage.primary().address() + "," + standby.address() + " port="
                    + stage.primary().port() + "," + standby.port()
                    + " user=postgres dbname=postgres target_session_attrs=read-write connect_timeout="
                    + PEER_TIMEOUT_SECONDS;
            libpq = stage.start(
                    stage.story().app(),
                    "libpq",
                    List.of("bash", "-c", PSQL_LOOP, PgInstall.current().program("psql"), list));
        }

        void go() {
            rounds++;
            List.of(ours, pgjdbc, libpq).forEach(load -> load.tell("go"));
            ours.await("TRYING", rounds);
        }

        void await() {
            ours.await("WRITTEN", rounds);
            pgjdbc.await("WRITTEN", rounds);
            libpq.await("WALL", rounds);
        }

        private long last(LoadProcess load, String word) {
            return load.rows(word).get(rounds - 1).get(0).longValue();
        }
    }

    private void round(Stage stage, PgInstance standby, Check check, Loads loads) {
        int alive = stage.conmgrLog().linesWith("instance 1: ").size();
        if (standby.isRunning()) {
            standby.stop(PgInstance.StopMode.IMMEDIATE);
        }
        shell(standby, "rm -rf \"$0\" && cp -a \"$0.saved\" \"$0\"");
        standby.set("watchdog.check_attr_interval", check.interval);
        standby.start();
        awaitAlive(stage, alive);
        loads.go();
        pause(MIN_PAUSE_MILLIS + random.nextInt(SPREAD_MILLIS));
        int ready = standby.log().linesWith("archive recovery complete").size();
        String promoted = standby.sql(
                "SELECT pg_promote(true, 60)", "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
        loads.await();
        Moments moments = Moments.now();
        long promotedNanos = moments.nanosOfEpochMicros(
                Long.parseLong(promoted.lines().toList().get(1)));
        String line = Stage.awaitNewLine(standby.log(), "archive recovery complete", ready);
        long written = loads.last(loads.ours, "WRITTEN");
        add(ours, check, written - promotedNanos);
        add(oursFromTheLog, check, written - moments.nanosOf(line));
        pgjdbc.add((loads.last(loads.pgjdbc, "WRITTEN") - promotedNanos) / 1e6);
        libpq.add((moments.nanosOfEpochMicros(loads.last(loads.libpq, "WALL")) - promotedNanos) / 1e6);
    }

    private static void add(Map<Check, List<Double>> times, Check check, long nanos) {
        times.computeIfAbsent(check, key -> new ArrayList<>()).add(nanos / 1e6);
    }

    /** As a standby, after the last run's primary. */
    private static void awaitAlive(Stage stage, int before) {
        Await.until("conmgr hears the standby", Stage.LIMIT, () -> {
            List<String> lines = stage.conmgrLog().linesWith("instance 1: ");
            return lines.size() > before && lines.get(lines.size() - 1).contains("-> ALIVE");
        });
    }

    private static void shell(PgInstance instance, String script) {
        instance.machine()
                .run(
                        Account.POSTGRES,
                        List.of("sh", "-c", script, instance.data().toString()))
                .expectSuccess();
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private Outcome outcome(Check check) {
        Samples samples = Samples.of(ours.getOrDefault(check, List.of()));
        boolean sharp = check == Check.SHARP;
        String beside = String.format(
                Locale.ROOT,
                "from the server's line \"archive recovery complete\": %s ms%s",
                Samples.of(oursFromTheLog.getOrDefault(check, List.of())).text(1),
                sharp
                        ? ""
                        : "; the same promotions with a host list, the dead host first, " + PEER_TIMEOUT_SECONDS
                                + " s for each host: pgjdbc "
                                + Samples.of(pgjdbc).text(0) + " ms, libpq "
                                + Samples.of(libpq).text(0) + " ms");
        return new Outcome(
                "pg_promote() returned to the first write, check_attr_interval " + check.interval,
                sharp ? "<= 60 ms" : "<= 1.06 s",
                samples.text(1) + " ms",
                Verdict.atMost(samples.max(), sharp ? TARGET_MILLIS : 1000 + TARGET_MILLIS),
                beside);
    }
}
