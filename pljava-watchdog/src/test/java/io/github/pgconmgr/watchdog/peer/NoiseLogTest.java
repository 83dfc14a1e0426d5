package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseLogTest {

    private final List<String> lines = new ArrayList<>();
    private final NoiseLog noise = new NoiseLog("strangers", (level, text) -> lines.add(text));

    @Test
    void theFirstTenOfAMinuteAreLoggedTheRestIsCounted() {
        for (int i = 0; i < 25; i++) {
            noise.log(seconds(1), LogLevel.LOG, "line " + i);
        }
        assertEquals(10, lines.size());
        noise.onTick(seconds(61) - 1);
        assertEquals(10, lines.size());
        noise.onTick(seconds(61));
        assertEquals("15 more lines about strangers in the last minute", lines.get(10));
        noise.log(seconds(62), LogLevel.LOG, "again");
        assertEquals("again", lines.get(11));
    }

    @Test
    void aQuietMinuteIsNotWorthALine() {
        noise.log(seconds(1), LogLevel.LOG, "one");
        noise.onTick(seconds(100));
        assertEquals(List.of("one"), lines);
    }
}
