package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the product counts, compared with the truth: the sessions and applications of each conmgr with what its applications
 * have, the rows of pgx_stat_watchdog with the conmgrs there are.
 *
 * <p>Confined to its lab's thread.
 */
final class SoakCounters {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern INSTANCE = Pattern.compile("\\{\"number\":(\\d+),[^{}]*\"sessions\":(\\d+)");
    private static final Pattern APPLICATION = Pattern.compile("\\{\"pid\":\"[^{}]*\"application_name\"");

    private final FaultLab lab;
    private final Watch watch;

    SoakCounters(FaultLab lab, Watch watch) {
        this.lab = lab;
        this.watch = watch;
    }

    /** Blocks until all fit, at most for a time; what does not fit then, a line each. */
    List<String> check() {
        try {
            Await.until("the counters are true", LIMIT, () -> wrong().isEmpty());
            return List.of();
        } catch (AssertionError e) {
            return wrong();
        }
    }

    private List<String> wrong() {
        List<String> lines = new ArrayList<>();
        for (ApplicationHost host : lab.applications()) {
            String name = host.host().name();
            String status =
                    host.cmCtl("status", "--format", "json").expectSuccess().out();
            watch.read();
            lines.addAll(compare(name, status, truth(name)));
        }
        for (PgInstance instance : lab.instances()) {
            String rows = instance.sql("SELECT count(*) FROM pgx_stat_watchdog");
            if (!rows.equals(Integer.toString(lab.applications().size()))) {
                lines.add("pgx_stat_watchdog of " + instance.name() + " has " + rows + " rows");
            }
        }
        return lines;
    }

    /** Sessions by the instance's number. */
    private Map<Integer, Long> truth(String application) {
        Map<Integer, Long> counts = new HashMap<>();
        watch.ledger().open().stream()
                .filter(session -> session.host().equals(application))
                .forEach(session -> counts.merge(lab.number(session.server()), 1L, Long::sum));
        return counts;
    }

    /** What a status in JSON counts otherwise than the truth. */
    static List<String> compare(String application, String status, Map<Integer, Long> truth) {
        List<String> lines = new ArrayList<>();
        Matcher instances = INSTANCE.matcher(status);
        while (instances.find()) {
            long sessions = truth.getOrDefault(Integer.valueOf(instances.group(1)), 0L);
            if (sessions != Long.parseLong(instances.group(2))) {
                lines.add("conmgr of " + application + " counts " + instances.group(2) + " sessions at instance "
                        + instances.group(1) + ", there are " + sessions);
            }
        }
        long applications = APPLICATION.matcher(status).results().count();
        long all = truth.values().stream().mapToLong(Long::longValue).sum();
        if (applications != all) {
            lines.add("conmgr of " + application + " lists " + applications + " applications, there are " + all);
        }
        return lines;
    }
}
