package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.testkit.Proves;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One conmgr per directory, between two processes. */
@Proves("L10")
class DirectoryLockTest {

    @TempDir
    Path directory;

    /** The other process: takes the lock, says so, and holds it until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws StartException, IOException {
            DirectoryLock lock = DirectoryLock.acquire(Path.of(arguments[0]));
            System.out.println(lock.isHeld() ? "held" : "not held");
            System.in.read();
        }
    }

    private Process holder() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        assertEquals("held", reader.readLine());
        return process;
    }

    @Test
    void aSecondProcessIsRefusedAndToldWhoHasIt() throws Exception {
        Process process = holder();
        try {
            new PidFile(process.pid(), Instant.EPOCH, directory, 1).write();
            StartException e = assertThrows(StartException.class, () -> DirectoryLock.acquire(directory));
            assertEquals(Message.ALREADY_RUNNING, e.reason());
            assertTrue(String.valueOf(e.getMessage()).endsWith("(PID " + process.pid() + ")"), e.getMessage());
        } finally {
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aProcessThatWasKilledLeavesNoLockWhateverItsFilesSay() throws Exception {
        Process process = holder();
        process.destroyForcibly();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        // A pid that is alive, as if the dead one's had been given to another process.
        new PidFile(ProcessHandle.current().pid(), Instant.EPOCH, directory, 1).write();
        assertTrue(Files.exists(directory.resolve(DirectoryLock.FILE_NAME)));
        assertNotNull(DirectoryLock.acquire(directory));
    }
}
