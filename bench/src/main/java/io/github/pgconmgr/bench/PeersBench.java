package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * {@code make bench-peers}: the primary's cable is cut silently while an application of each way waits in a query; all ways in each round. When
 * does each learn of it, and when has the standby answered it? And before that: what do idle connections of each way cost?
 *
 * <pre>
 * PeersBench ROUNDS LIMIT-SECONDS    a way that has not been answered again within the limit sits out the other rounds
 * </pre>
 *
 * <p>Confined to the main thread.
 */
public final class PeersBench {

    private static final int IDLE = 20;
    private static final Duration IDLE_WINDOW = Duration.ofSeconds(6);
    private static final Duration SETTLE = Duration.ofMillis(1500);
    /** Behind the first round those that are left learn of it within about 3 s. */
    private static final Duration SHORT_LIMIT = Duration.ofSeconds(20);

    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    /** Of ours, and of what the others check by. */
    private static final int INTERVAL_MILLIS = 1000;

    private static final String HANGING = "query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid()";

    /** What one way came to. */
    private static final class Result {

        private final List<Double> gone = new ArrayList<>();
        private final List<Double> back = new ArrayList<>();
        private String idle = "";
        private int rounds;
    }

    private final PeerStage peers;
    private final int rounds;
    private final Duration limit;
    private final Random random = new Random(1);
    private final Map<PeerWay, Result> results = new LinkedHashMap<>();

    private PeersBench(PeerStage peers, int rounds, Duration limit) {
        this.peers = peers;
        this.rounds = rounds;
        this.limit = limit;
        peers.ways().forEach(way -> results.put(way, new Result()));
    }

    /** See the class. */
    public static void main(String[] arguments) {
        System.out.println(MachineDescription.text());
        try (PeerStage stage = new PeerStage()) {
            PeersBench bench = new PeersBench(
                    stage, Integer.parseInt(arguments[0]), Duration.ofSeconds(Long.parseLong(arguments[1])));
            bench.results.forEach(bench::idle);
            bench.faults();
            System.out.println("\n" + bench.table());
        }
    }

    private void idle(PeerWay way, Result result) {
        peers.start(way.program());
        List<LoadProcess> clients = new ArrayList<>();
        if (way.client() == PeerWay.Client.JDBC) {
            LoadProcess application = peers.application(way);
            application.tell("idle " + IDLE);
            application.await("IDLE", 1);
            clients.add(application);
        } else {
            for (int i = 0; i < IDLE; i++) {
                clients.add(peers.idlePsql(way));
            }
        }
        pause(SETTLE);
        LabHost host = peers.host(way);
        long packets = ProcFs.packets(host.initPid(), "eth0");
        long cpu = cpu(way, clients);
        pause(IDLE_WINDOW);
        double seconds = IDLE_WINDOW.toMillis() / 1000.0;
        result.idle = String.format(
                Locale.ROOT,
                "%.2f | %.2f %%",
                (ProcFs.packets(host.initPid(), "eth0") - packets) / seconds / IDLE,
                (cpu(way, clients) - cpu) / seconds / 1e7);
        System.out.println("  idle, " + way.title() + ": " + result.idle);
        clients.forEach(LoadProcess::kill);
        peers.stop(way.program());
    }

    private long cpu(PeerWay way, List<LoadProcess> clients) {
        return peers.programCpuNanos(way.program())
                + clients.stream()
                        .mapToLong(client -> ProcFs.cpuNanos(client.pid()))
                        .sum();
    }

    private void faults() {
        peers.start(PeerWay.Program.HAPROXY);
        peers.start(PeerWay.Program.PGBOUNCER);
        peers.start(PeerWay.Program.CONMGR);
        Map<PeerWay, LoadProcess> applications = new LinkedHashMap<>();
        results.keySet().forEach(way -> applications.put(way, peers.application(way)));
        for (int round = 0; round < rounds; round++) {
            begin(applications);
            Moments clocks = Moments.now();
            long cut = NanoClock.SYSTEM.nanoTime();
            peers.stage().story().lab().cut(peers.stage().story().db1());
            awaitBack(applications, round, cut + (round == 0 ? limit : SHORT_LIMIT).toNanos());
            take(applications, round, cut, clocks);
            peers.stop(PeerWay.Program.PGPOOL);
            heal();
        }
    }

    /**
     * All wait in a statement at the primary. Ours begin while the standby is cut off: with "any" conmgr would spread them. Those that end
     * healthy statements as well begin last.
     */
    private void begin(Map<PeerWay, LoadProcess> applications) {
        Stage stage = peers.stage();
        int down = stage.conmgrLog().linesWith("-> DOWN").size();
        stage.story().lab().cut(stage.story().db2());
        Stage.awaitNewLine(stage.conmgrLog(), "-> DOWN", down);
        int begun = go(applications, 0, way -> way.program() == PeerWay.Program.CONMGR);
        int alive = stage.conmgrLog().linesWith("-> ALIVE").size();
        stage.story().lab().heal(stage.story().db2());
        Stage.awaitNewLine(stage.conmgrLog(), "-> ALIVE", alive);
        // Pgpool-II keeps a server that was down for down until somebody says otherwise.
        peers.start(PeerWay.Program.PGPOOL);
        begun = go(applications, begun, way -> way.program() != PeerWay.Program.CONMGR && !way.endsHealthyStatements());
        // The fault comes at any moment between two heartbeats.
        pause(SETTLE.plusMillis(random.nextInt(INTERVAL_MILLIS)));
        go(applications, begun, PeerWay::endsHealthyStatements);
    }

    /** Blocks until these wait, and those that have begun before. Returns how many that are. */
    private int go(Map<PeerWay, LoadProcess> applications, int begun, Predicate<PeerWay> which) {
        List<LoadProcess> told = applications.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        told.forEach(application -> application.tell("go"));
        String all = Integer.toString(begun + told.size());
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND " + HANGING;
        Await.until(
                "each way's application waits",
                Stage.LIMIT,
                () -> peers.stage().primary().sql(sql).equals(all));
        return begun + told.size();
    }

    private static void awaitBack(Map<PeerWay, LoadProcess> applications, int round, long endNanos) {
        while (endNanos - NanoClock.SYSTEM.nanoTime() > 0
                && applications.values().stream()
                        .anyMatch(each -> each.rows("BACK").size() <= round)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void take(Map<PeerWay, LoadProcess> applications, int round, long cut, Moments clocks) {
        for (Map.Entry<PeerWay, LoadProcess> entry : List.copyOf(applications.entrySet())) {
            PeerWay way = entry.getKey();
            LoadProcess application = entry.getValue();
            Result result = Objects.requireNonNull(results.get(way));
            result.rounds++;
            note(way, application.rows("GONE"), round, cut, clocks, result.gone);
            note(way, application.rows("BACK"), round, cut, clocks, result.back);
            if (application.rows("BACK").size() <= round) {
                System.out.println("  " + way.title() + " is left out from now on: " + application.text());
                applications.remove(way);
                application.kill();
            }
        }
    }

    private static void note(
            PeerWay way, List<List<Double>> rows, int round, long cut, Moments clocks, List<Double> seconds) {
        if (rows.size() > round) {
            long said = rows.get(round).get(0).longValue();
            long nanos = way.client() == PeerWay.Client.JDBC ? said : clocks.nanosOfEpochMicros(said);
            seconds.add((nanos - cut) / 1e9);
        }
    }

    private void heal() {
        Stage stage = peers.stage();
        int alive = stage.conmgrLog().linesWith("-> ALIVE").size();
        stage.story().lab().heal(stage.story().db1());
        Stage.awaitNewLine(stage.conmgrLog(), "-> ALIVE", alive);
        stage.primary().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + HANGING);
        // HAProxy has seen it once more by then.
        pause(SETTLE);
    }

    private String table() {
        StringBuilder text =
                new StringBuilder("| way | n | error after, s: median | max | answered again after, s: median | max "
                        + "| packets a second and idle connection | CPU, 20 idle connections |\n"
                        + "|---|---|---|---|---|---|---|---|\n");
        results.forEach((way, result) -> text.append("| ")
                .append(way.title())
                .append(" | ")
                .append(result.rounds)
                .append(" | ")
                .append(seconds(result.gone))
                .append(" | ")
                .append(seconds(result.back))
                .append(" | ")
                .append(result.idle)
                .append(" |\n"));
        return text.toString();
    }

    private String seconds(List<Double> values) {
        if (values.isEmpty()) {
            return "> " + limit.toSeconds() + " | > " + limit.toSeconds();
        }
        Samples samples = Samples.of(values);
        return String.format(Locale.ROOT, "%.2f | %.2f", samples.median(), samples.max());
    }

    private static void pause(Duration duration) {
        long end = NanoClock.SYSTEM.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - NanoClock.SYSTEM.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
