package io.github.pgconmgr.faults;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time in a scenario: a number of heartbeat timeouts and a fixed part, such as {@code 3s}, {@code 200ms}, {@code T},
 * {@code 2T+500ms}. Immutable.
 */
record Span(int timeouts, Duration fixed) {

    /** Where a line gives no limit. */
    static final Span LIMIT = new Span(0, Duration.ofSeconds(60));

    private static final Pattern FORM = Pattern.compile("(?:(\\d{0,2})T)?(?:\\+?(\\d{1,6})(ms|s))?");

    /** The span; an IllegalArgumentException says what is wrong. */
    static Span parse(String text) {
        Matcher match = FORM.matcher(text);
        boolean hasTimeouts = text.contains("T");
        if (text.isEmpty() || !match.matches() || text.startsWith("+") || text.matches(".*T\\d.*")) {
            throw new IllegalArgumentException("\"" + text + "\" is no time: such as 3s, 200ms, T, 2T+500ms");
        }
        int timeouts = !hasTimeouts ? 0 : match.group(1).isEmpty() ? 1 : Integer.parseInt(match.group(1));
        if (match.group(2) == null) {
            return new Span(timeouts, Duration.ZERO);
        }
        long number = Long.parseLong(match.group(2));
        return new Span(timeouts, match.group(3).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number));
    }

    /** Its length with these settings. */
    Duration with(Settings settings) {
        return fixed.plusMillis((long) timeouts * settings.timeoutMillis());
    }
}
