package io.github.pgconmgr.testkit;

import java.util.Map;

/**
 * Where the watchdog's Java runs in the instances of a test: {@code watchdog.java_host}. The environment variable {@code
 * WATCHDOG_JAVA_HOST} chooses for all tests that do not choose themselves ({@code make check-pljava}). Immutable.
 */
public enum JavaHost {
    /** A JVM of the worker's own: the default. */
    EMBEDDED,
    /** An installed PL/Java. */
    PLJAVA;

    private static final String SETTING = "watchdog.java_host";

    /** The value of the setting. */
    public String word() {
        return this == PLJAVA ? "pljava" : "embedded";
    }

    /** What this run of the tests asks for. */
    public static JavaHost ofThisRun() {
        return "pljava".equals(System.getenv("WATCHDOG_JAVA_HOST")) ? PLJAVA : EMBEDDED;
    }

    /** Adds the setting for this run to those of an instance with the watchdog, unless it is there. */
    static void complete(Map<String, String> settings) {
        if (settings.getOrDefault("shared_preload_libraries", "").contains("watchdog")) {
            settings.putIfAbsent(SETTING, ofThisRun().word());
        }
    }

    /** What the instance's settings say. */
    static JavaHost of(Map<String, String> settings) {
        return PLJAVA.word().equals(settings.get(SETTING)) ? PLJAVA : EMBEDDED;
    }
}
