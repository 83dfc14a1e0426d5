package io.github.pgconmgr.log;

/**
 * Levels in the document's order, lowest first (C5): a message below {@code log_min_messages} is not written. To syslog they go as
 * PostgreSQL's do, whose LOG is information there and whose ERROR concerns one client.
 */
public enum Severity {
    DEBUG(7),
    INFO(6),
    NOTICE(5),
    WARNING(5),
    ERROR(4),
    LOG(6),
    FATAL(3),
    PANIC(2);

    private final int syslogCode;

    Severity(int syslogCode) {
        this.syslogCode = syslogCode;
    }

    /** RFC 5424, section 6.2.1: 7 is debug, 6 informational, 5 notice, 4 warning, 3 error, 2 critical. */
    int syslogCode() {
        return syslogCode;
    }
}
