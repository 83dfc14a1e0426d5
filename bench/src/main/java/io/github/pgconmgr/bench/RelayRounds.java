package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.Sight.Quantity;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Rounds of one load: in each, every contender once, in an order of chance. Only a window in the middle of each run counts:
 * connecting is over (but with {@code -C}), pgbench not about to end. Confined to the main thread.
 */
final class RelayRounds {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Contenders contenders;
    private final List<Contender> ways;
    private final RelayLoad load;
    private final Map<Contender, List<Sight>> sights = new EnumMap<>(Contender.class);
    private int runs;

    RelayRounds(Contenders contenders, List<Contender> ways, RelayLoad load) {
        this.contenders = contenders;
        this.ways = ways;
        this.load = load;
    }

    /** Runs it without looking, so that what has to be compiled, connected and cached is. */
    void warm(Contender way, int seconds) {
        contenders.host().run(Account.NOBODY, LIMIT, argv(way, seconds)).expectSuccess();
    }

    void round(int number) {
        List<Contender> order = new ArrayList<>(ways);
        Collections.shuffle(order, new Random(number));
        for (Contender way : order) {
            sights.computeIfAbsent(way, none -> new ArrayList<>()).add(look(way));
        }
    }

    private List<String> argv(Contender way, int seconds, String... more) {
        List<String> options = new ArrayList<>(List.of("-n", "-j", "2", "-c", Integer.toString(load.clients())));
        options.addAll(List.of("-T", Integer.toString(seconds)));
        options.addAll(load.options());
        options.addAll(List.of(more));
        return contenders.pgbench(way, options.toArray(String[]::new));
    }

    private Sight look(Contender way) {
        Path prefix = contenders.host().folder().resolve("transactions" + ++runs);
        List<String> argv = argv(way, load.windowSeconds() + 2, "-P", "1", "--log", "--log-prefix=" + prefix);
        try (Program pgbench = contenders.host().start(Account.NOBODY, "pgbench", argv)) {
            // The first second is over: all are connected.
            pgbench.awaitLine("progress: ", LIMIT);
            long cpuBefore = contenders.cpuNanos(way);
            long from = wallMicros();
            park(Duration.ofSeconds(load.windowSeconds()).toNanos());
            long cpu = contenders.cpuNanos(way) - cpuBefore;
            long to = wallMicros();
            if (pgbench.awaitExit(LIMIT) != 0) {
                throw new AssertionError(String.join("\n", pgbench.output().lines()));
            }
            PgbenchLog log = PgbenchLog.read(prefix, from, to);
            delete(prefix);
            return new Sight(log.perSecond(), log.p99Micros(), cpu / 1e3 / log.transactions());
        }
    }

    private static void delete(Path prefix) {
        try {
            for (Path file : PgbenchLog.files(prefix)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the log of pgbench", e);
        }
    }

    private static long wallMicros() {
        Instant now = WallClock.SYSTEM.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    private static void park(long nanos) {
        long begin = NanoClock.SYSTEM.nanoTime();
        for (long left = nanos; left > 0; left = nanos - (NanoClock.SYSTEM.nanoTime() - begin)) {
            LockSupport.parkNanos(left);
        }
    }

    /** A row of the table for each goal; one for those who are there without us, if we are not among them. */
    List<Outcome> outcomes() {
        return load.goals().stream().map(this::outcome).toList();
    }

    private Outcome outcome(Goal goal) {
        String what = load.title() + ": " + goal.quantity().title() + ", conmgr ÷ "
                + goal.beside().title();
        Samples ratio = ratio(goal.quantity(), Contender.OURS, goal.beside());
        Samples noise = ratio(goal.quantity(), Contender.AGAIN, Contender.PGBOUNCER);
        return new Outcome(
                what,
                goal.text(),
                ratio.text(2),
                goal.verdict(ratio, noise),
                all(goal.quantity()) + "; PgBouncer ÷ PgBouncer " + noise.text(2));
    }

    private Samples ratio(Quantity quantity, Contender above, Contender below) {
        List<Sight> numerators = sights.getOrDefault(above, List.of());
        List<Sight> denominators = sights.getOrDefault(below, List.of());
        return Samples.of(IntStream.range(0, Math.min(numerators.size(), denominators.size()))
                .mapToObj(round -> quantity.of(numerators.get(round)) / quantity.of(denominators.get(round)))
                .toList());
    }

    /** What each came to. */
    private String all(Quantity quantity) {
        List<String> words = new ArrayList<>();
        for (Contender way : ways) {
            boolean shown = way != Contender.AGAIN && !(way == Contender.DIRECT && quantity == Quantity.CPU);
            if (shown) {
                Samples values = Samples.of(sights.getOrDefault(way, List.of()).stream()
                        .map(quantity::of)
                        .toList());
                String format = quantity == Quantity.CPU ? "%s %.1f" : "%s %.0f";
                words.add(String.format(Locale.ROOT, format, way.title(), values.median()));
            }
        }
        return String.join(", ", words) + " " + quantity.unit();
    }
}
