package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.time.NanoClock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A gigabyte of COPY out through each contender. Immutable. */
final class RelayCopyFigure implements Figure {

    private static final int ROUNDS = 6;
    /** As often as a JVM needs until its compilers are done. */
    private static final int WARM = 20;

    private static final double GIGABYTES = 1;
    private static final double GOAL = 0.9;
    private static final String COPY = "COPY (SELECT repeat('x', 999) FROM generate_series(1, 1000000)) TO STDOUT";
    private static final List<Contender> WAYS =
            List.of(Contender.DIRECT, Contender.OURS, Contender.PGBOUNCER, Contender.PGPOOL, Contender.HAPROXY);

    /** One run: megabytes a second, and the contender's CPU time in milliseconds. */
    private record Run(double rate, double cpuMillis) {}

    @Override
    public List<Outcome> measure() {
        Map<Contender, List<Run>> runs = new EnumMap<>(Contender.class);
        try (Contenders contenders = new Contenders(new PoolSetup("scram-sha-256", "session", 8), WAYS)) {
            WAYS.forEach(way -> copy(contenders, way));
            for (int i = 0; i < WARM; i++) {
                copy(contenders, Contender.OURS);
            }
            for (int round = 0; round < ROUNDS; round++) {
                List<Contender> order = new ArrayList<>(WAYS);
                Collections.shuffle(order, new Random(round));
                for (Contender way : order) {
                    runs.computeIfAbsent(way, none -> new ArrayList<>()).add(copy(contenders, way));
                }
            }
        }
        List<Run> ours = runs.getOrDefault(Contender.OURS, List.of());
        List<Run> haproxy = runs.getOrDefault(Contender.HAPROXY, List.of());
        Samples ratio = Samples.of(IntStream.range(0, ROUNDS)
                .mapToObj(round -> ours.get(round).rate / haproxy.get(round).rate)
                .toList());
        return List.of(new Outcome(
                "COPY out of 1 GB, session: throughput, conmgr ÷ HAProxy",
                ">= " + GOAL,
                ratio.text(2),
                Verdict.atLeast(ratio.median(), GOAL),
                beside(runs)));
    }

    private static Run copy(Contenders contenders, Contender way) {
        List<String> argv = new ArrayList<>(List.of("bash", "-c", "\"$@\" >/dev/null", "bash"));
        argv.addAll(contenders.client("psql"));
        argv.addAll(List.of("-XAtq", contenders.conninfo(way), "-c", COPY));
        long cpu = contenders.cpuNanos(way);
        long begin = NanoClock.SYSTEM.nanoTime();
        contenders.host().run(Account.NOBODY, Stage.LIMIT, argv).expectSuccess();
        double seconds = (NanoClock.SYSTEM.nanoTime() - begin) / 1e9;
        return new Run(GIGABYTES * 1000 / seconds, (contenders.cpuNanos(way) - cpu) / 1e6);
    }

    private static String beside(Map<Contender, List<Run>> runs) {
        List<String> words = new ArrayList<>();
        runs.forEach((way, each) -> words.add(String.format(
                Locale.ROOT,
                "%s %.0f MB/s (CPU %.0f ms)",
                way.title(),
                Samples.of(each.stream().map(Run::rate).toList()).median(),
                Samples.of(each.stream().map(Run::cpuMillis).toList()).median())));
        return String.join(", ", words);
    }
}
