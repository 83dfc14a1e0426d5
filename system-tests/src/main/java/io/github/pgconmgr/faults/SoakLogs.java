package io.github.pgconmgr.faults;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How fast the logs grow, in KiB per hour, by what writes them. Immutable. */
record SoakLogs(Map<String, Double> perHour) {

    private static final double SECONDS = 3600;

    /** From their lengths in bytes before and after that time. */
    static SoakLogs of(Map<String, Long> before, Map<String, Long> after, double seconds) {
        Map<String, Double> rates = new LinkedHashMap<>();
        after.forEach(
                (log, bytes) -> rates.put(log, (bytes - before.getOrDefault(log, 0L)) / 1024.0 / seconds * SECONDS));
        return new SoakLogs(rates);
    }

    @Override
    public String toString() {
        return perHour.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %.0f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
