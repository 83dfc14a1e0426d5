package io.github.pgconmgr.faults;

import java.util.Locale;

/** The heartbeat's settings that a scenario is played with, in milliseconds. Immutable. */
public enum Settings {
    /** Most rows: the rules are the same at any length, and twenty rounds take minutes. */
    QUICK(500, 2000),
    /** Where something has to be back within the timeout, also on a busy machine. */
    PATIENT(1000, 10_000),
    /** What a user has who sets nothing. */
    DEFAULT(10_000, 20_000),
    /** The shortest that are documented to work. */
    SHARP(100, 300);

    private final int intervalMillis;
    private final int timeoutMillis;

    Settings(int intervalMillis, int timeoutMillis) {
        this.intervalMillis = intervalMillis;
        this.timeoutMillis = timeoutMillis;
    }

    /** heartbeat_interval. */
    public int intervalMillis() {
        return intervalMillis;
    }

    /** heartbeat_timeout. */
    public int timeoutMillis() {
        return timeoutMillis;
    }

    /** The word in a scenario. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
