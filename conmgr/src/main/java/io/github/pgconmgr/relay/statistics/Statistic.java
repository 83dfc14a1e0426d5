package io.github.pgconmgr.relay.statistics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is counted, with PgBouncer's names and in its order: SHOW STATS gets its columns from here. Times are in microseconds, sizes in
 * bytes.
 */
public enum Statistic {
    /** A client was given a server connection. */
    SERVER_ASSIGNMENT_COUNT,
    XACT_COUNT,
    QUERY_COUNT,
    /** From clients. */
    RECEIVED("received", "recv", "bytes_received", "client_bytes"),
    /** To clients. */
    SENT("sent", "sent", "bytes_sent", "server_bytes"),
    /** From the first message of a transaction to its end. */
    XACT_TIME,
    /** In which a server had something to do. */
    QUERY_TIME,
    /** In which clients waited for a server connection. */
    WAIT_TIME,
    /** Named prepared statements, transaction mode: Parse messages of clients. */
    CLIENT_PARSE_COUNT,
    /** Parse messages of conmgr. */
    SERVER_PARSE_COUNT,
    BIND_COUNT,
    CLIENT_LOGIN_COUNT;

    private final String total;
    private final String average;
    private final String plain;
    private final String sum;

    Statistic() {
        String name = name().toLowerCase(Locale.ROOT);
        total = name;
        average = name;
        plain = name;
        sum = name;
    }

    Statistic(String total, String average, String plain, String sum) {
        this.total = total;
        this.average = average;
        this.plain = plain;
        this.sum = sum;
    }

    /** Its place among the counters, which are an array so that counting costs one addition. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }

    /** Its column of totals in SHOW STATS. */
    public String totalColumn() {
        return "total_" + total;
    }

    /** Its column of averages in SHOW STATS. */
    public String averageColumn() {
        return "avg_" + average;
    }

    /** Its column in SHOW STATS_TOTALS and SHOW STATS_AVERAGES. */
    public String plainColumn() {
        return plain;
    }

    /** Behind "total_" or "avg_", its row in SHOW TOTALS. */
    public String sumName() {
        return sum;
    }

    /** A time is averaged over the events that took it; null for what is averaged per second. */
    @Nullable
    Statistic per() {
        return switch (this) {
            case XACT_TIME -> XACT_COUNT;
            case QUERY_TIME -> QUERY_COUNT;
            case WAIT_TIME -> SERVER_ASSIGNMENT_COUNT;
            case SERVER_ASSIGNMENT_COUNT,
                    XACT_COUNT,
                    QUERY_COUNT,
                    RECEIVED,
                    SENT,
                    CLIENT_PARSE_COUNT,
                    SERVER_PARSE_COUNT,
                    BIND_COUNT,
                    CLIENT_LOGIN_COUNT -> null;
        };
    }
}
