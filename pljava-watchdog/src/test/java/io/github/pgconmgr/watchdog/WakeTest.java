package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WakeTest {

    @TempDir
    private Path directory;

    @Test
    void onlyOneWakeUpIsPendingBetweenTwoTicks() throws Exception {
        try (TestPipe pipe = new TestPipe(directory);
                Wake wake = Wake.open(pipe.descriptor())) {
            for (int i = 0; i < 100_000; i++) {
                wake.signal();
            }
            assertEquals(1, pipe.drain());
            wake.signal();
            assertEquals(0, pipe.drain(), "no tick has begun yet");
            wake.onTick();
            wake.signal();
            assertEquals(1, pipe.drain());
        }
    }
}
