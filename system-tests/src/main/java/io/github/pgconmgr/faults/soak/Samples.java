package io.github.pgconmgr.faults.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * All samples of a soak, by role and process: faults end processes, and the next one begins anew. What is judged of a role is
 * the process with the most samples.
 *
 * <p>Confined to one thread.
 */
public final class Samples {

    private record Sample(double seconds, Map<Measure, Long> values) {}

    private final Map<String, Map<Long, List<Sample>>> byRole = new TreeMap<>();

    /** The process has these values at that time, in seconds since the beginning. */
    public void add(OurProcess process, double seconds, Map<Measure, Long> values) {
        byRole.computeIfAbsent(process.role(), role -> new LinkedHashMap<>())
                .computeIfAbsent(process.pid(), pid -> new ArrayList<>())
                .add(new Sample(seconds, values));
    }

    /** The roles, sorted. */
    public List<String> roles() {
        return List.copyOf(byRole.keySet());
    }

    /** How many processes have had that role. */
    public int processes(String role) {
        return known(role).size();
    }

    /** How many samples there are of the role's process that has the most. */
    public int most(String role) {
        return longest(role).size();
    }

    /** Those samples, from when the process was old enough for them to say something. */
    public List<Long> series(String role, Measure measure) {
        List<Sample> samples = longest(role);
        return samples.stream()
                .filter(sample -> sample.seconds - samples.get(0).seconds >= measure.settlesSeconds())
                .filter(sample -> sample.values.containsKey(measure))
                .map(sample -> sample.values.get(measure))
                .toList();
    }

    private List<Sample> longest(String role) {
        List<Sample> longest = List.of();
        for (List<Sample> each : known(role).values()) {
            if (each.size() > longest.size()) {
                longest = each;
            }
        }
        return longest;
    }

    private Map<Long, List<Sample>> known(String role) {
        return byRole.getOrDefault(role, Map.of());
    }

    /** What rises, one line each, with the figures; none means flat. */
    public List<String> rising() {
        List<String> lines = new ArrayList<>();
        for (String role : roles()) {
            for (Measure measure : Measure.values()) {
                List<Long> samples = series(role, measure);
                if (Flatness.of(measure, samples) == Flatness.Verdict.RISES) {
                    lines.add(String.format(
                            Locale.ROOT,
                            "rises: %s of %s, from %.0f to %.0f",
                            measure.words(),
                            role,
                            Flatness.early(samples),
                            Flatness.late(samples)));
                }
            }
        }
        return lines;
    }
}
