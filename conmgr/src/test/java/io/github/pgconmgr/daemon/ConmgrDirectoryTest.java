package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conmgr directory and its pid file; permissions that root ignores are tested end to end. */
@Proves("L10")
class ConmgrDirectoryTest {

    @TempDir
    Path directory;

    private static String refusal(Path path) {
        StartException e = assertThrows(StartException.class, () -> ConmgrDirectory.check(path));
        assertEquals(Message.DIRECTORY_UNUSABLE, e.reason());
        return String.valueOf(e.getMessage());
    }

    @Test
    void whatIsNotThereOrNoDirectoryIsRefused() throws IOException {
        assertTrue(refusal(directory.resolve("missing")).endsWith("it does not exist"));
        assertTrue(refusal(Files.createFile(directory.resolve("file"))).endsWith("it is not a directory"));
    }

    @Test
    void aDirectoryThatEverybodyMayWriteToIsRefused() throws IOException, StartException {
        ConmgrDirectory.check(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertTrue(refusal(directory).endsWith("everybody may write to it"));
    }

    @Test
    void aPidFileIsReadAsItWasWritten() throws IOException, StartException {
        PidFile pidFile = new PidFile(4711, Instant.ofEpochSecond(1_795_000_000), directory, 27546);
        pidFile.write();
        assertEquals(Optional.of(pidFile), PidFile.read(directory));
        assertEquals(4, Files.readAllLines(directory.resolve(PidFile.FILE_NAME)).size());
        pidFile.remove();
        assertEquals(Optional.empty(), PidFile.read(directory));
    }

    @Test
    void aPidFileWithOtherThingsInItIsNone() throws IOException {
        Files.writeString(directory.resolve(PidFile.FILE_NAME), "12\n");
        assertEquals(Optional.empty(), PidFile.read(directory));
        Files.writeString(directory.resolve(PidFile.FILE_NAME), "a\nb\nc\nd\n");
        assertEquals(Optional.empty(), PidFile.read(directory));
    }
}
