package io.github.pgconmgr.faults;

import io.github.pgconmgr.faults.soak.Samples;
import io.github.pgconmgr.testkit.BuildFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code make soak}: one lab, faults of the matrix at random for hours; after each the books, the counters and the memory of
 * every process of ours. Writes {@code build/soak/*.tsv} and a summary.
 *
 * <pre>
 * Soak HOURS GLOB SEED DOCUMENT
 * </pre>
 *
 * <p>Confined to one thread.
 */
public final class Soak {

    /** After so many failed rounds the rest shows nothing new. */
    private static final int MOST_FAILURES = 3;

    private final SoakPlan plan;
    private final SoakFile file = new SoakFile(BuildFolder.build("soak"));
    private final Samples samples = new Samples();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final BankClosing closing = new BankClosing();
    private final List<String> failures = new ArrayList<>();
    private final long beginNanos = Watch.now();
    private int failedRounds;
    private int rounds;
    private int simultaneous;
    private int idle;

    private Soak(SoakPlan plan) {
        this.plan = plan;
    }

    /** See the class; exit status 1 if something has failed. */
    public static void main(String[] arguments) throws IOException {
        double hours = Double.parseDouble(arguments[0]);
        long seed = Long.parseLong(arguments[2]);
        String command = "make soak HOURS=" + arguments[0]
                + (arguments[1].equals("*") ? "" : " ROWS='" + arguments[1] + "'") + " SEED=" + seed;
        List<Scenario> chosen = Faults.matching(arguments[1], Faults.scenarios());
        System.out.println("soak: " + command);
        Soak soak = new Soak(new SoakPlan(chosen, seed));
        SoakReport report = soak.run(Duration.ofSeconds(Math.round(hours * 3600)), command);
        FaultTable.replace(Path.of(arguments[3]), SoakReport.BEGIN, SoakReport.END, report.text());
        System.out.println(report.text());
        if (!report.failures().isEmpty()) {
            System.out.println("FAILED; repeat: " + command);
            System.exit(1);
        }
        System.exit(0);
    }

    private SoakReport run(Duration length, String command) throws IOException {
        file.begin();
        try (FaultStage stage = new FaultStage(SoakPlan.SETTINGS, SoakPlan.LAYOUT)) {
            SoakSampler sampler = new SoakSampler(stage.lab(), samples, file);
            Map<String, Long> logsBefore = sampler.logSizes();
            long logsNanos = Watch.now();
            boolean well = true;
            while (well && failedRounds < MOST_FAILURES && Watch.now() - beginNanos < length.toNanos()) {
                well = round(stage, sampler);
            }
            SoakLogs logs = SoakLogs.of(logsBefore, sampler.logSizes(), (Watch.now() - logsNanos) / 1e9);
            SoakBooks books = books(stage);
            failures.addAll(samples.rising());
            return new SoakReport(
                    command, seconds(), rounds, simultaneous, idle, faults, failures, books, samples, logs);
        }
    }

    /** A fault, the pause, the measurements; whether the lab is well enough for another. */
    private boolean round(FaultStage stage, SoakSampler sampler) throws IOException {
        Scenario scenario = plan.next();
        Duration pause = plan.pause();
        rounds++;
        count(scenario);
        double at = seconds();
        Outcome outcome = stage.play(scenario);
        List<String> violations = new ArrayList<>(outcome.violations());
        // After what was played before, a standby may be without readers: that is nobody's mistake.
        if (violations.remove(Round.SHOWS_NOTHING)) {
            idle++;
        }
        boolean well = outcome.seconds() > 0;
        if (well) {
            violations.addAll(measure(stage, sampler, pause));
        }
        if (violations.isEmpty()) {
            violations.addAll(closeBooks(stage));
        }
        file.addRound(at, rounds, scenario.name(), outcome, violations);
        System.out.printf(
                Locale.ROOT,
                "%7.1f s  round %d: %s, %.1f s, ended %s%n",
                at,
                rounds,
                scenario.name(),
                outcome.seconds(),
                outcome.states());
        if (!violations.isEmpty()) {
            failed(stage, scenario, at, violations);
        }
        return well;
    }

    private List<String> measure(FaultStage stage, SoakSampler sampler, Duration pause) throws IOException {
        try {
            stage.watch().pass(pause);
            List<String> wrong = new SoakCounters(stage.lab(), stage.watch()).check();
            sampler.sample(seconds());
            return wrong;
        } catch (AssertionError | IllegalStateException e) {
            // An IllegalStateException: a host that the round has left without power.
            return List.of("could not be measured: " + e.getMessage());
        }
    }

    private List<String> closeBooks(FaultStage stage) {
        try {
            stage.lab().fixRoles();
            stage.watch().read();
            return closing.close(stage.watch().ledger(), stage.lab().instance("primary"));
        } catch (AssertionError e) {
            return List.of("the books could not be closed: " + e.getMessage());
        }
    }

    private void count(Scenario scenario) {
        String[] names = scenario.name().split(SimultaneousFaults.AND, -1);
        for (String name : names) {
            faults.merge(name, 1, Integer::sum);
        }
        if (names.length > 1) {
            simultaneous++;
        }
    }

    private void failed(FaultStage stage, Scenario scenario, double at, List<String> violations) throws IOException {
        failedRounds++;
        for (String violation : violations) {
            String line =
                    String.format(Locale.ROOT, "round %d (%s), %.0f s: %s", rounds, scenario.name(), at, violation);
            failures.add(line);
            System.out.println("    FAILED: " + line);
        }
        Path kept = file.keepLogs(stage.lab(), rounds);
        System.out.println("    logs kept in " + BuildFolder.root().relativize(kept));
    }

    /** The totals; the load goes on, so what was acknowledged is taken before the books are read. */
    private SoakBooks books(FaultStage stage) {
        stage.watch().read();
        Ledger ledger = stage.watch().ledger();
        Set<Ledger.Transfer> acknowledged = new HashSet<>(ledger.acknowledged());
        try {
            stage.lab().fixRoles();
            List<Ledger.Transfer> booked = Bank.booked(stage.lab().instance("primary"));
            return SoakBooks.of(acknowledged, ledger.unknown(), booked).plus(closing);
        } catch (AssertionError e) {
            failures.add("the books could not be read at the end: " + e.getMessage());
            return new SoakBooks(acknowledged.size(), ledger.unknown().size(), 0, 0, 0).plus(closing);
        }
    }

    private double seconds() {
        return (Watch.now() - beginNanos) / 1e9;
    }
}
