package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code make faults}: plays scenario files in labs side by side, writes {@code build/faults/*.tsv} and the table.
 *
 * <pre>
 * Faults GLOB ROUNDS LABS DOCUMENT
 * </pre>
 *
 * <p>Confined: each lab to its thread; what they share is a queue, a counter and a flag.
 */
public final class Faults {

    private static final long STOP_LIMIT_MILLIS = 60_000;

    private final Queue<Scenario> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger broken = new AtomicInteger();
    private final long beginNanos = NanoClock.SYSTEM.nanoTime();
    private final int rounds;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private Faults(List<Scenario> scenarios, int rounds) {
        this.queue.addAll(scenarios);
        this.rounds = rounds;
    }

    /** See the class; exit status 1 if a round has failed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Scenario> all = scenarios();
        List<Scenario> chosen = matching(arguments[0], all);
        Faults faults = new Faults(chosen, Integer.parseInt(arguments[1]));
        faults.play(Integer.parseInt(arguments[2]));
        String day = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC).format(WallClock.SYSTEM.now());
        FaultTable.write(Path.of(arguments[3]), all, folder(), remark(day, arguments));
        System.exit(faults.broken.get() == 0 ? 0 : 1);
    }

    private static String remark(String day, String[] arguments) {
        String rows = arguments[0].equals("*") ? "" : " ROWS='" + arguments[0] + "'";
        String others = rows.isEmpty() ? "" : " The other rows are of earlier runs.";
        return "Last run: " + day + ", `make faults" + rows + " REPEATS=" + arguments[1] + " LABS=" + arguments[2]
                + "`." + others + " Times in seconds, median / longest, since the fault.";
    }

    private static Path folder() {
        return BuildFolder.build("faults");
    }

    /** Every scenario, those with the same settings together. */
    static List<Scenario> scenarios() throws IOException {
        List<Scenario> scenarios = new ArrayList<>();
        Path folder = BuildFolder.root().resolve("system-tests/src/main/faults");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.scenario")) {
            for (Path file : files) {
                scenarios.add(ScenarioReader.read(file));
            }
        }
        scenarios.sort(Comparator.comparing(Scenario::layout)
                .thenComparing(Scenario::settings)
                .thenComparing(Scenario::name));
        return scenarios;
    }

    /** Those whose name fits; an IllegalArgumentException if none does. */
    static List<Scenario> matching(String glob, List<Scenario> all) {
        PathMatcher wanted = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        List<Scenario> chosen = all.stream()
                .filter(scenario -> wanted.matches(Path.of(scenario.name())))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no scenario fits " + glob);
        }
        return chosen;
    }

    private void play(int labs) throws InterruptedException {
        for (int number = 1; number <= labs; number++) {
            threads.add(new Thread(this::work, "lab" + number));
        }
        Thread stop = new Thread(this::stop, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** After an interrupt of the whole program: the JVM waits for its hooks, so each lab is closed, and none is made anew. */
    private void stop() {
        stopping = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(STOP_LIMIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        removeFolders();
    }

    /** Ctrl-C reaches every program of the terminal, also an rm that was under way. */
    private static void removeFolders() {
        String ours = ProcessHandle.current().pid() + "-*";
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(BuildFolder.build("run"), ours)) {
            folders.forEach(BuildFolder::delete);
        } catch (IOException e) {
            System.err.println("faults: build/run could not be cleared: " + e);
        }
    }

    private void work() {
        FaultStage stage = null;
        try {
            for (Scenario scenario = queue.poll(); scenario != null && !stopping; scenario = queue.poll()) {
                stage = play(scenario, stage);
            }
        } finally {
            // An interrupt has done its work; closing runs commands, which it would end.
            boolean unused = Thread.interrupted();
            if (stage != null) {
                stage.close();
            }
        }
    }

    /** Plays all rounds; gives the stage for the next scenario. */
    private @Nullable FaultStage play(Scenario scenario, @Nullable FaultStage first) {
        FaultStage stage = first;
        Results results = new Results(folder().resolve(scenario.name() + ".tsv"));
        results.begin();
        for (int round = 1; round <= rounds && !stopping; round++) {
            if (stage == null || !stage.fits(scenario)) {
                if (stage != null) {
                    stage.close();
                }
                stage = new FaultStage(scenario.settings(), scenario.layout());
            }
            Outcome outcome = stage.play(scenario);
            if (!stopping) {
                results.add(outcome);
                tell(scenario, round, outcome);
            }
        }
        return stage;
    }

    private void tell(Scenario scenario, int round, Outcome outcome) {
        if (!outcome.violations().isEmpty()) {
            broken.incrementAndGet();
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%7.1f s  %s %s %d/%d  %.1f s  ended %s, down %s, dead %s",
                (NanoClock.SYSTEM.nanoTime() - beginNanos) / 1e9,
                Thread.currentThread().getName(),
                scenario.name(),
                round,
                rounds,
                outcome.seconds(),
                outcome.states(),
                outcome.detected(),
                outcome.judged()));
        outcome.violations().forEach(violation -> text.append("\n    FAILED: ").append(violation));
        System.out.println(text);
    }
}
