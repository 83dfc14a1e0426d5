package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a {@code max_standby_lag} in time needs of the rest of a file (ADR 8). Stateless. */
final class LagCheck {

    /**
     * What is known of a standby that is not behind at all is old by up to two check intervals, and by two round trips: one since it
     * was asked, one since the primary was.
     */
    private static final int LEAST_INTERVALS = 3;

    private LagCheck() {}

    static List<Problem> problems(String file, Settings settings) {
        long limitMillis = TimeUnit.NANOSECONDS.toMillis(
                settings.get(Parameters.MAX_STANDBY_LAG).nanosOrZero());
        List<Problem> problems = new ArrayList<>();
        if (limitMillis == 0) {
            return problems;
        }
        int line = settings.lineOf(Parameters.MAX_STANDBY_LAG, Settings.NO_NUMBER);
        String name = Parameters.MAX_STANDBY_LAG.name();
        int least = LEAST_INTERVALS * settings.get(Parameters.CHECK_INTERVAL);
        if (limitMillis < least) {
            String reason =
                    "a time must be at least three times " + Parameters.CHECK_INTERVAL.name() + ", " + least + " ms";
            problems.add(new Problem(file, line, name, reason));
        }
        for (int number : settings.numbers()) {
            if (!settings.get(Parameters.BACKEND_CHECK, number).usesSql()) {
                String reason = "a time needs \"" + Parameters.BACKEND_CHECK.name() + number + "\" to be \""
                        + CheckMode.SQL + "\" or \"" + CheckMode.BOTH + "\"";
                problems.add(new Problem(file, line, name, reason));
            }
        }
        return problems;
    }
}
