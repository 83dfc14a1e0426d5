package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.PgInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One play of a scenario on a lab under load, and the checks that hold whatever the fault was. What does not hold is a
 * violation; the round goes on, as the lab has to get well again.
 *
 * <p>Confined to its lab's thread.
 */
final class Round {

    /** Where the fault is, no session was: not one that has to end, at least. */
    static final String SHOWS_NOTHING = "this round shows nothing: no session was at risk";

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long SQL_PAUSE_NANOS = Duration.ofMillis(50).toNanos();
    private static final String SESSIONS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            + " AND application_name LIKE 'app_-%'";

    private final FaultLab lab;
    private final Watch watch;
    private final Scenario scenario;
    private final List<String> violations = new ArrayList<>();
    private final Set<Pair> ends = new HashSet<>();
    private final Set<Pair> mayEnd = new HashSet<>();
    private final List<Session> atRisk = new ArrayList<>();
    private long breakNanos;
    private long mendNanos;
    private long actionNanos;
    private long releasedNanos;
    private @Nullable Gaps gaps;

    Round(FaultLab lab, Watch watch, Scenario scenario) {
        this.lab = lab;
        this.watch = watch;
        this.scenario = scenario;
    }

    /** Plays it; blocks until the lab is well again, which it has to be within a time. */
    Outcome play() {
        settle();
        // Else every fault would come at the same moment between two beats.
        watch.pass(Duration.ofMillis(
                ThreadLocalRandom.current().nextInt(lab.settings().intervalMillis())));
        lab.fixRoles();
        watch.forget();
        scenario.ends().forEach(pair -> ends.addAll(pairs(pair)));
        scenario.mayEnd().forEach(pair -> mayEnd.addAll(pairs(pair)));
        long begin = Watch.now();
        scenario.steps().forEach(this::play);
        converge();
        violations.addAll(Invariants.ofSessions(watch.ledger().sessions(), ends, mayEnd, breakNanos));
        violations.addAll(Bank.check(watch, currentPrimary()));
        return Outcome.of(this, Watch.now() - begin);
    }

    /** Blocks until everybody is well, also those who have to be known for a timeout. */
    private void settle() {
        long since = Watch.now();
        watch.await("the load works", LIMIT, () -> isWorkingSince(Names.APPLICATIONS, since));
        watch.await("each conmgr sees every instance", LIMIT, this::everybodyIsAlive);
        watch.await(
                "each watchdog takes each conmgr seriously",
                LIMIT.plusMillis(2L * lab.settings().timeoutMillis()),
                () -> lab.instances().stream().allMatch(Round::isArmed));
    }

    /** Each conmgr that the instance knows; by the log, as the view does not tell. A dead one's row is waited for until it is gone. */
    private static boolean isArmed(PgInstance instance) {
        List<String> peers = instance.sql("SELECT host(conmgr_addr) || ' port ' || conmgr_port FROM pgx_stat_watchdog")
                .lines()
                .toList();
        List<String> lines = instance.log().linesWith("watchdog LOG:  conmgr ");
        return peers.size() >= Names.APPLICATIONS.size() && peers.stream().allMatch(peer -> isArmed(lines, peer));
    }

    /** Whoever takes over a row is armed by the line that names its predecessor first. */
    static boolean isArmed(List<String> lines, String peer) {
        Predicate<String> names = Pattern.compile(peer + "(?!\\d)").asPredicate();
        return lines.stream()
                .filter(names)
                .filter(line -> line.contains(" -> ") || line.endsWith(": connected"))
                .reduce((before, last) -> last)
                .filter(last -> last.contains(" -> ARMED: "))
                .isPresent();
    }

    /** Whether all is as before a round. */
    boolean isWell() {
        return isWorking(Names.ALL_APPLICATIONS)
                && everybodyIsAlive()
                && lab.instances().stream().allMatch(Round::isArmed);
    }

    private boolean everybodyIsAlive() {
        return Names.APPLICATIONS.stream()
                .allMatch(app -> Names.INSTANCES.stream()
                        .allMatch(instance -> watch.state(app, instance).equals("ALIVE")));
    }

    private Set<Pair> pairs(Pair words) {
        return lab.names(words.applicationHost()).stream()
                .flatMap(app -> lab.names(words.instance()).stream().map(instance -> new Pair(app, instance)))
                .collect(Collectors.toSet());
    }

    private void play(Step step) {
        try {
            switch (step.verb()) {
                case BREAK, MEND, DO -> act(step);
                case WAIT -> watch.pass(step.limit().with(lab.settings()));
                case AWAIT -> awaitCondition(step);
                case EXPECT -> expect(step);
            }
        } catch (AssertionError e) {
            violations.add(scenario.name() + ":" + step.line() + ": " + e.getMessage());
        }
    }

    private void act(Step step) {
        watch.read();
        actionNanos = Watch.now();
        if (step.verb() == Step.Verb.BREAK && breakNanos == 0) {
            breakNanos = actionNanos;
            watch.ledger().open().stream()
                    .filter(session -> ends.contains(new Pair(session.host(), session.server())))
                    .forEach(atRisk::add);
            if (atRisk.isEmpty() && !ends.isEmpty()) {
                violations.add(SHOWS_NOTHING);
            }
        }
        if (step.verb() == Step.Verb.MEND) {
            mendNanos = actionNanos;
        }
        Action.of(step.words()).on(lab);
    }

    private void awaitCondition(Step step) {
        Condition.Bound condition = Condition.of(step.words());
        Duration limit = step.limit().with(lab.settings());
        if (condition.kind().asksInstances()) {
            awaitSql(step.toString(), limit, () -> condition.holds(this));
        } else {
            watch.await(step.toString(), limit, () -> condition.holds(this));
        }
        if (condition.kind() == Condition.FREED && releasedNanos == 0) {
            releasedNanos = Watch.now();
        }
    }

    private void expect(Step step) {
        watch.read();
        if (!Condition.of(step.words()).holds(this)) {
            throw new AssertionError("not so: " + step);
        }
    }

    /** For conditions that ask an instance: each question costs a psql, which must not become the load. */
    private void awaitSql(String what, Duration limit, Callable<Boolean> condition) {
        long[] nextNanos = {Watch.now()};
        watch.await(what, limit, () -> {
            if (Watch.now() - nextNanos[0] < 0) {
                return false;
            }
            nextNanos[0] = Watch.now() + SQL_PAUSE_NANOS;
            return condition.call();
        });
    }

    /** After the last action everybody gets well: heartbeats, the load, and no session is without its application. */
    private void converge() {
        long since = actionNanos;
        converges("each conmgr sees every instance", this::everybodyIsAlive);
        converges("the load works", () -> isWorkingSince(Names.APPLICATIONS, since));
        for (ApplicationHost host : lab.applications()) {
            String status = host.cmCtl("status").expectSuccess().out();
            if (status.lines().filter(line -> line.contains(" ALIVE ")).count() != Names.INSTANCES.size()) {
                violations.add("cm_ctl status of " + host.host().name() + " does not show all instances ALIVE");
            }
        }
        try {
            awaitSql("sessions and applications fit", Duration.ofSeconds(10), () -> leaks().isEmpty());
        } catch (AssertionError e) {
            violations.addAll(leaks());
        }
    }

    private void converges(String what, Callable<Boolean> condition) {
        try {
            watch.await(what, LIMIT, condition);
        } catch (AssertionError e) {
            violations.add("did not get well again: " + e.getMessage());
        }
    }

    private List<String> leaks() {
        Set<String> atInstances = new TreeSet<>();
        for (PgInstance instance : lab.instances()) {
            instance.sql(SESSIONS).lines().forEach(pid -> atInstances.add(instance.name() + " " + pid));
        }
        watch.read();
        Set<String> ofApplications = watch.ledger().open().stream()
                .map(session -> session.server() + " " + session.backend())
                .collect(Collectors.toCollection(TreeSet::new));
        return Invariants.ofLeaks(ofApplications, atInstances);
    }

    private PgInstance currentPrimary() {
        return lab.instances().stream()
                .filter(instance -> instance.sql("SELECT pg_is_in_recovery()").equals("f"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no primary at the end"));
    }

    private boolean isWorkingSince(List<String> hosts, long nanos) {
        return hosts.stream()
                .allMatch(host -> watch.ledger().workersSince(host, nanos) == ApplicationHost.connections());
    }

    boolean isWorking(String applications) {
        return isWorkingSince(lab.names(applications), actionNanos);
    }

    boolean isCut(String applications, String instances) {
        Set<Pair> pairs = pairs(new Pair(applications, instances));
        return atRisk.stream()
                .filter(session -> pairs.contains(new Pair(session.host(), session.server())))
                .noneMatch(Session::isOpen);
    }

    boolean isFreed(String applications, String instances) {
        for (String instance : lab.names(instances)) {
            Set<Pair> pairs = pairs(new Pair(applications, instance));
            String pids = atRisk.stream()
                    .filter(session -> pairs.contains(new Pair(session.host(), session.server())))
                    .map(Session::backend)
                    .collect(Collectors.joining(","));
            String sql = SESSIONS + " AND pid = ANY('{" + pids + "}')";
            if (!lab.instance(instance).sql(sql).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    boolean sees(String applications, String instances, String state) {
        return pairs(new Pair(applications, instances)).stream()
                .allMatch(pair ->
                        watch.state(pair.applicationHost(), pair.instance()).equals(state));
    }

    /** Whether judgements, gaps of the bad cables, and sessions that ended belong together one by one. */
    boolean gapsFit() {
        gaps = new Gaps(lab.net().gaps(), watch.judgements(), lab.settings(), lab::address);
        violations.addAll(gaps.compare(watch.ledger().sessions()));
        return true;
    }

    boolean hasLogged(String hosts, String text) {
        return !watch.lines(lab.names(hosts), text).isEmpty();
    }

    /** What {@link #gapsFit} has compared; null if the scenario does not ask for it. */
    @Nullable
    Gaps gaps() {
        return gaps;
    }

    Watch watch() {
        return watch;
    }

    List<String> violations() {
        return violations;
    }

    long breakNanos() {
        return breakNanos;
    }

    long mendNanos() {
        return mendNanos;
    }

    long releasedNanos() {
        return releasedNanos;
    }
}
