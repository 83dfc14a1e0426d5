package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry itself, with bytes. It lives as long as its process, so there is one test for the whole life. */
class WatchdogHostTest {

    private static final int LISTENING = 4;

    @TempDir
    private Path directory;

    @Test
    void theFirstTickStartsTheLoopAndLaterTicksMeetIt() throws Exception {
        byte[] later = {0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThrows(IllegalStateException.class, () -> WatchdogHost.tick(later));
        assertThrows(MalformedMessageException.class, () -> WatchdogHost.tick(new byte[0]));
        try (TestPipe pipe = new TestPipe(directory)) {
            byte[] first = first(pipe.descriptor());
            WatchdogHost.tick(first);
            assertThrows(IllegalStateException.class, () -> WatchdogHost.tick(first));
            Await.until("listening", () -> (WatchdogHost.tick(later)[2] & LISTENING) != 0);
            assertEquals(1, WatchdogHost.tick(later)[1], "format version");
        }
    }

    private static byte[] first(int wakeDescriptor) {
        ByteBuffer out = ByteBuffer.allocate(53 + 21);
        out.putShort((short) 1).put((byte) 5).put((byte) 0).putInt(1).putLong(0).put((byte) 0);
        out.putShort((short) 0);
        out.putShort((short) 0).putInt(10).putLong(1).putLong(1);
        out.putInt(wakeDescriptor).putShort((short) 0);
        return out.putShort((short) 1).put(new byte[21]).putInt(0).array();
    }
}
