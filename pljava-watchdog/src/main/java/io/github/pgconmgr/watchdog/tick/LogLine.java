package io.github.pgconmgr.watchdog.tick;

import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.wire.WireText;
import java.nio.charset.StandardCharsets;

/** One line for the server's log. Immutable. */
public record LogLine(LogLevel level, String text) {

    /** Longer lines are cut. */
    static final int MAX_TEXT_BYTES = 1000;

    /** The text as it travels: no control characters, so that one line stays one line. */
    byte[] textBytes() {
        return WireText.fit(text, MAX_TEXT_BYTES).getBytes(StandardCharsets.UTF_8);
    }
}
