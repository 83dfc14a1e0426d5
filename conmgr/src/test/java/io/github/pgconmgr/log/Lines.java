package io.github.pgconmgr.log;

import java.time.Instant;

/** Lines for tests. Stateless. */
final class Lines {

    static final Instant TIME = Instant.parse("2026-03-05T10:11:12.345Z");

    private Lines() {}

    static LogLine warning(String text) {
        return LogLine.of(TIME, Message.CONFIG_WARNING, "conmgr", text);
    }
}
