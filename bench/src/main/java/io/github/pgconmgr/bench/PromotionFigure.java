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
import java.util.stream.Stream;

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

    /** How conmgr hears of the promotion. */
    private enum Check {
        SHARP("check_attr_interval 10ms", "10ms", 10),
        DEFAULT("check_attr_interval 1s", "1s", 1000),
        SQL("check by SQL each 1s", "1s", 1000);

        private final String text;
        private final String attrInterval;
        private final int intervalMillis;

        Check(String text, String attrInterval, int intervalMillis) {
            this.text = text;
            this.attrInterval = attrInterval;
            this.intervalMillis = intervalMillis;
        }

        /** Not above the whole target where the interval is only a part of it. */
        double targetMillis() {
            return intervalMillis < TARGET_MILLIS ? TARGET_MILLIS : intervalMillis + TARGET_MILLIS;
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
                round(stage, standby, Check.SHARP, loads);
                round(stage, standby, Check.DEFAULT, loads);
            }
            checkBySql(stage);
            for (int round = 0; round < ROUNDS; round++) {
                round(stage, standby, Check.SQL, loads);
            }
        }
        return Stream.of(Check.values()).map(this::outcome).toList();
    }

    /** From now on; the primary stays cut off, so nobody waits for it. */
    private static void checkBySql(Stage stage) {
        stage.story().cmCtl("stop").expectSuccess();
        stage.addToConmgrConf("""
                backend_check0 = sql
                check_conninfo0 = 'user=postgres'
                backend_check1 = sql
                check_conninfo1 = 'user=postgres'
                """);
        stage.story().cmCtl("start", "-W").expectSuccess();
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
        standby.set("watchdog.check_attr_interval", check.attrInterval);
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
        String beside = String.format(
                Locale.ROOT,
                "from the server's line \"archive recovery complete\": %s ms%s",
                Samples.of(oursFromTheLog.getOrDefault(check, List.of())).text(1),
                check == Check.SQL ? peers() : "");
        return new Outcome(
                "pg_promote() returned to the first write, " + check.text,
                String.format(Locale.ROOT, "<= %.0f ms", check.targetMillis()),
                samples.text(1) + " ms",
                Verdict.atMost(samples.max(), check.targetMillis()),
                beside);
    }

    /** All promotions of the run. */
    private String peers() {
        return "; a host list, the dead host first, " + PEER_TIMEOUT_SECONDS + " s for each host, in all "
                + pgjdbc.size()
                + " promotions: pgjdbc " + Samples.of(pgjdbc).text(0) + " ms, libpq "
                + Samples.of(libpq).text(0) + " ms";
    }
}
