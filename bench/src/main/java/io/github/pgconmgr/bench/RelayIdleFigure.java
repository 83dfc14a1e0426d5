package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What another idle client costs a pooler in memory, in transaction mode: each has done one transaction and waits. From the
 * 20th to the 1,020th. Immutable.
 */
final class RelayIdleFigure implements Figure {

    private static final int FEW = 20;
    private static final int MANY = 1000;
    private static final int ROUNDS = 3;
    private static final String SCRIPT = "INSERT INTO arrived VALUES (1);\n\\sleep 600 s\n";
    private static final List<Contender> WAYS = List.of(Contender.OURS, Contender.PGBOUNCER);

    @Override
    public List<Outcome> measure() {
        Map<Contender, List<Double>> kibibytes = new EnumMap<>(Contender.class);
        for (int round = 0; round < ROUNDS; round++) {
            // A new process each: memory that was needed once is not given back.
            try (Contenders contenders = new Contenders(new PoolSetup("scram-sha-256", "transaction", FEW), WAYS)) {
                for (Contender way : WAYS) {
                    kibibytes.computeIfAbsent(way, none -> new ArrayList<>()).add(growth(contenders, way));
                }
            }
        }
        double bound = RelayJava.isNew() ? 3 : 5;
        Samples ours = Samples.of(kibibytes.getOrDefault(Contender.OURS, List.of()));
        Samples pgbouncer = Samples.of(kibibytes.getOrDefault(Contender.PGBOUNCER, List.of()));
        return List.of(new Outcome(
                "an idle relayed client, growth of RSS from the 20th to the 1,020th",
                "<= " + bound + " KiB",
                ours.text(1) + " KiB",
                Verdict.atMost(ours.median(), bound),
                "PgBouncer " + pgbouncer.text(1) + " KiB"));
    }

    private static double growth(Contenders contenders, Contender way) {
        // What only comes once (code, the heap's first generation) is not the clients'.
        List<String> warm = contenders.pgbench(way, "-n", "-S", "-C", "-j", "2", "-c", "16", "-T", "10");
        contenders.host().run(Account.NOBODY, warm).expectSuccess();
        Program few = idle(contenders, way, FEW);
        double before = megabytes(contenders, way);
        Program many = idle(contenders, way, MANY);
        double after = megabytes(contenders, way);
        many.close();
        few.close();
        return (after - before) * 1024 / MANY;
    }

    private static double megabytes(Contenders contenders, Contender way) {
        return ProcFs.megabytes(contenders.pid(way), "status", "VmRSS");
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
