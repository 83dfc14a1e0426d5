package io.github.pgconmgr.log;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps repeats small (style rule 18): of a message that may come again and again, the first of each speaker is written, then
 * once a minute how many more there were; another message of the same speaker, such as its recovery, ends the series.
 *
 * <p>Confined to the log that owns it, which calls it one thread at a time.
 */
final class RepeatLimiter {

    /** Time between two summaries of one series. */
    static final long SUMMARY_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Series at one time; the oldest is forgotten, so that a flood of speakers costs no memory. */
    static final int MAX_SERIES = 256;

    /** How often a message came since it was last written. */
    record Summary(Message message, String component, int count) {}

    private record Key(Message message, String speaker) {}

    private static final class Series {
        private final String component;
        private long writtenNanos;
        private int swallowed;

        Series(String component, long nowNanos) {
            this.component = component;
            this.writtenNanos = nowNanos;
        }
    }

    private final Map<Key, Series> open = new LinkedHashMap<>();

    /**
     * Call before each message that is going to be written.
     *
     * @param summaries gets what has to be written first
     * @return whether to write this one
     */
    boolean onMessage(long nowNanos, Message message, String component, List<Summary> summaries) {
        String speaker = speakerOf(component);
        if (!message.limited()) {
            endSeriesOf(speaker, summaries);
            return true;
        }
        Series series = open.get(new Key(message, speaker));
        if (series == null) {
            begin(new Key(message, speaker), new Series(component, nowNanos), summaries);
            return true;
        }
        series.swallowed++;
        return false;
    }

    /** The summaries that are due; call every now and then. A series without news for an interval ends. */
    List<Summary> due(long nowNanos) {
        List<Summary> summaries = new ArrayList<>();
        Iterator<Map.Entry<Key, Series>> each = open.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Key, Series> entry = each.next();
            Series series = entry.getValue();
            if (nowNanos - series.writtenNanos >= SUMMARY_INTERVAL_NANOS) {
                if (series.swallowed == 0) {
                    each.remove();
                }
                takeSummary(entry.getKey(), series, summaries);
                series.writtenNanos = nowNanos;
            }
        }
        return summaries;
    }

    private void begin(Key key, Series series, List<Summary> summaries) {
        if (open.size() == MAX_SERIES) {
            Map.Entry<Key, Series> oldest = open.entrySet().iterator().next();
            takeSummary(oldest.getKey(), oldest.getValue(), summaries);
            open.remove(oldest.getKey());
        }
        open.put(key, series);
    }

    private void endSeriesOf(String speaker, List<Summary> summaries) {
        Iterator<Map.Entry<Key, Series>> each = open.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Key, Series> entry = each.next();
            if (entry.getKey().speaker.equals(speaker)) {
                takeSummary(entry.getKey(), entry.getValue(), summaries);
                each.remove();
            }
        }
    }

    private static void takeSummary(Key key, Series series, List<Summary> summaries) {
        if (series.swallowed > 0) {
            summaries.add(new Summary(key.message, series.component, series.swallowed));
            series.swallowed = 0;
        }
    }

    /** A client comes from another port each time; the host is who speaks. */
    private static String speakerOf(String component) {
        int colon = component.lastIndexOf(':');
        return colon < 0 ? component : component.substring(0, colon);
    }
}
