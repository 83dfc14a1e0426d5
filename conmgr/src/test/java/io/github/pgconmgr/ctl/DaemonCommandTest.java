package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** cm_ctl and the launcher start the daemon's JVM alike. */
class DaemonCommandTest {

    @Test
    void theLauncherHasTheSameJvmOptions() throws IOException {
        String launcher =
                Files.readString(Path.of(System.getProperty("conmgr.root", ".."), "conmgr/src/main/scripts/conmgr"));
        assertTrue(launcher.contains(String.join(" ", DaemonCommand.JVM_OPTIONS)), launcher);
    }

    @Test
    void theKernelsMaskOfIgnoredSignalsIsRead() {
        assertEquals(0x4003, SignalReset.ignored("SigBlk:\t0000000000000000\nSigIgn:\t0000000000004003\n"));
        assertEquals(0, SignalReset.ignored("Name:\tjava\n"));
    }
}
