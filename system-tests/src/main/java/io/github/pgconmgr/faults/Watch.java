package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a lab's programs write: the load's events into the {@link Ledger}, the logs with the time at which they were
 * read. Whoever waits calls {@link #read} all the time.
 *
 * <p>Confined to its lab's thread.
 */
final class Watch {

    /** A line of a log. Immutable. */
    record Line(long nanos, String host, String text) {}

    private static final Pattern STATE = Pattern.compile("instance (\\d): \\w+ -> (\\w+)");

    private static final Pattern STAMP = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d\\.\\d{3})");
    private static final Duration LONGEST_ACTION = Duration.ofMinutes(1);

    private final FaultLab lab;
    private final Ledger ledger;
    private final Map<String, Tail> serverLogs = new LinkedHashMap<>();
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, String> states = new HashMap<>();

    Watch(FaultLab lab) {
        this.lab = lab;
        Map<String, String> names = new HashMap<>();
        for (PgInstance instance : lab.instances()) {
            names.put(instance.address(), instance.name());
            serverLogs.put(instance.name(), new Tail(instance.log()::file));
        }
        ledger = new Ledger(names);
    }

    static long now() {
        return NanoClock.SYSTEM.nanoTime();
    }

    /** What the applications have seen so far. */
    Ledger ledger() {
        return ledger;
    }

    /** Reads what has come meanwhile. */
    void read() {
        long now = now();
        Instant today = WallClock.SYSTEM.now();
        for (ApplicationHost host : lab.applications()) {
            String name = host.host().name();
            host.events().forEach(event -> ledger.add(name, event));
            if (!host.host().isOn()) {
                ledger.applicationsDied(name);
            }
            for (String text : host.logged()) {
                lines.add(new Line(moment(text, now, today), name, text));
                Matcher state = STATE.matcher(text);
                if (state.find()) {
                    states.put(name + " " + state.group(1), state.group(2));
                }
            }
        }
        serverLogs.forEach((name, tail) ->
                tail.lines().forEach(text -> lines.add(new Line(moment(text, now, today), name, text))));
    }

    /** Blocks until the condition holds, and reads meanwhile; an AssertionError if that takes longer than the limit. */
    void await(String what, Duration limit, Callable<Boolean> condition) {
        Await.until(what, limit, () -> {
            read();
            return condition.call();
        });
    }

    /** Lets the time pass, and reads meanwhile. */
    void pass(Duration time) {
        long end = now() + time.toNanos();
        await("the time has passed", time.plusSeconds(60), () -> now() - end >= 0);
    }

    /** When it was written, by the time of day at its beginning; where that is of no use, when it was read. */
    private static long moment(String line, long now, Instant today) {
        Matcher stamp = STAMP.matcher(line);
        if (!stamp.find()) {
            return now;
        }
        Instant written =
                LocalDateTime.parse(stamp.group(1) + "T" + stamp.group(2)).toInstant(ZoneOffset.UTC);
        Duration ago = Duration.between(written, today);
        return ago.isNegative() || ago.compareTo(LONGEST_ACTION) > 0 ? now : now - ago.toNanos();
    }

    /** The state that conmgr there has last logged of the instance; empty before the first. */
    String state(String applicationHost, String instanceHost) {
        return states.getOrDefault(applicationHost + " " + lab.number(instanceHost), "");
    }

    /** The lines of these logs since {@link #forget}, with that text. */
    List<Line> lines(List<String> hosts, String text) {
        return lines.stream()
                .filter(line -> hosts.contains(line.host()) && line.text().contains(text))
                .toList();
    }

    /** When the first such line later than that was written; null if there is none. */
    @Nullable
    Long first(List<String> hosts, String text, long sinceNanos) {
        return lines(hosts, text).stream()
                .map(Line::nanos)
                .filter(nanos -> nanos - sinceNanos >= 0)
                .findFirst()
                .orElse(null);
    }

    /** What the heartbeats' ends have judged since {@link #forget}. */
    List<Judgement> judgements() {
        return lines.stream().flatMap(line -> Judgement.of(line, lab).stream()).toList();
    }

    /** A new round begins. */
    void forget() {
        lines.clear();
        ledger.forgetEnded();
    }
}
