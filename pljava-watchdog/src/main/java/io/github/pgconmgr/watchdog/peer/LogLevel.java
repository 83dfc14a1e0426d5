package io.github.pgconmgr.watchdog.peer;

/** PostgreSQL's levels that the watchdog's Java uses. */
public enum LogLevel {
    DEBUG1(1),
    LOG(2),
    WARNING(3);

    private final int code;

    LogLevel(int code) {
        this.code = code;
    }

    /** The byte in the tick format. */
    public int code() {
        return code;
    }
}
