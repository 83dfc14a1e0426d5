package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Jcmd;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another idle client costs a pooler in memory, in transaction mode: each has done one transaction and waits. From the
 * 20th to the 1,020th. Of conmgr it is what lives in its heap: RSS is shown beside it, but how far that has grown is a matter of when
 * the JVM last collected its garbage. Immutable.
 */
final class RelayIdleFigure implements Figure {

    private static final int FEW = 20;
    private static final int MANY = 1000;
    private static final int ROUNDS = 3;
    private static final String SCRIPT = "INSERT INTO arrived VALUES (1);\n\\sleep 600 s\n";
    private static final List<Contender> WAYS = List.of(Contender.OURS, Contender.PGBOUNCER);
    private static final Pattern GENERATION =
            Pattern.compile("(?:new|tenured) generation\\s+total \\d+K, used (\\d+)K", Pattern.CASE_INSENSITIVE);

    /** Growth for a client, in KiB; the heap's is 0 for a program that has none. */
    private record Growth(double heap, double resident) {}

    @Override
    public List<Outcome> measure() {
        Map<Contender, List<Growth>> growths = new EnumMap<>(Contender.class);
        for (int round = 0; round < ROUNDS; round++) {
            // A new process each: memory that was needed once is not given back.
            try (Contenders contenders = new Contenders(new PoolSetup("scram-sha-256", "transaction", FEW), WAYS)) {
                for (Contender way : WAYS) {
                    growths.computeIfAbsent(way, none -> new ArrayList<>()).add(growth(contenders, way));
                }
            }
        }
        double bound = RelayJava.isNew() ? 3 : 5;
        Samples heap = samples(growths, Contender.OURS, Growth::heap);
        return List.of(new Outcome(
                "an idle relayed client, growth of the live heap from the 20th to the 1,020th",
                "<= " + bound + " KiB",
                heap.text(1) + " KiB",
                Verdict.atMost(heap.median(), bound),
                "RSS " + samples(growths, Contender.OURS, Growth::resident).text(1) + " KiB; PgBouncer, RSS "
                        + samples(growths, Contender.PGBOUNCER, Growth::resident)
                                .text(1) + " KiB"));
    }

    private static Samples samples(
            Map<Contender, List<Growth>> growths, Contender way, ToDoubleFunction<Growth> which) {
        return Samples.of(growths.getOrDefault(way, List.of()).stream()
                .map(which::applyAsDouble)
                .toList());
    }

    private static Growth growth(Contenders contenders, Contender way) {
        // What only comes once (code, the heap's first generation) is not the clients'.
        List<String> warm = contenders.pgbench(way, "-n", "-S", "-C", "-j", "2", "-c", "16", "-T", "10");
        contenders.host().run(Account.NOBODY, warm).expectSuccess();
        Program few = idle(contenders, way, FEW);
        double heapBefore = liveHeap(contenders, way);
        double residentBefore = resident(contenders, way);
        Program many = idle(contenders, way, MANY);
        double heap = liveHeap(contenders, way) - heapBefore;
        double resident = resident(contenders, way) - residentBefore;
        many.close();
        few.close();
        return new Growth(heap / MANY, resident / MANY);
    }

    private static double resident(Contenders contenders, Contender way) {
        return ProcFs.megabytes(contenders.pid(way), "status", "VmRSS") * 1024;
    }

    /** In KiB, behind a full collection. */
    private static double liveHeap(Contenders contenders, Contender way) {
        if (way != Contender.OURS) {
            return 0;
        }
        jcmd(contenders, "GC.run");
        Matcher generation = GENERATION.matcher(jcmd(contenders, "GC.heap_info"));
        double all = 0;
        while (generation.find()) {
            all += Integer.parseInt(generation.group(1));
        }
        return all;
    }

    private static String jcmd(Contenders contenders, String command) {
        try {
            return Jcmd.run(contenders.host(), contenders.pid(Contender.OURS), command)
                    .expectSuccess()
                    .out();
        } catch (IOException e) {
            throw new UncheckedIOException("conmgr has ended", e);
        }
    }

    /** Blocks until all have done their transaction. */
    private static Program idle(Contenders contenders, Contender way, int clients) {
        Path script = contenders.host().folder().resolve("idle.sql");
        try {
            Files.writeString(script, SCRIPT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the script", e);
        }
        sql(
                contenders,
                "DROP TABLE IF EXISTS arrived; CREATE UNLOGGED TABLE arrived (n int);"
                        + " GRANT ALL ON arrived TO public");
        List<String> argv = contenders.pgbench(way, "-n", "-f", script.toString(), "-c", Integer.toString(clients));
        Program program = contenders.host().start(Account.NOBODY, "idle" + clients, argv);
        String count = Integer.toString(clients);
        Await.until(
                clients + " clients wait",
                Stage.LIMIT,
                () -> sql(contenders, "SELECT count(*) FROM arrived").equals(count));
        return program;
    }

    private static String sql(Contenders contenders, String sql) {
        return contenders
                .stage()
                .primary()
                .psql(PoolSetup.DATABASE, sql)
                .expectSuccess()
                .out()
                .strip();
    }
}
