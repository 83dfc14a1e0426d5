package io.github.pgconmgr.log;

/** Levels in the document's order, lowest first (C5): a message below {@code log_min_messages} is not written. */
public enum Severity {
    DEBUG,
    INFO,
    NOTICE,
    WARNING,
    ERROR,
    LOG,
    FATAL,
    PANIC
}
