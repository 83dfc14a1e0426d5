package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be read as a configuration; permissions are tested end to end, as they mean nothing to root. */
@Proves("C1")
class ConfigFileTest {

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve(ConfigLoader.FILE_NAME);
    }

    private String problem() {
        return assertThrows(ConfigException.class, () -> ConfigLoader.load(directory))
                .problems()
                .get(0)
                .toString();
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        assertEquals(file + ": file does not exist", problem());
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        Files.createDirectory(file);
        assertEquals(file + ": is a directory", problem());
    }

    @Test
    void aDeviceIsNotReadForEver() throws IOException {
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        assertEquals(file + ": is not a regular file", problem());
    }

    @Test
    void aFileOverTheLimitIsRefusedAndOneAtTheLimitIsNot() throws IOException, ConfigException {
        String text = "backend_host0 = a\n";
        Files.writeString(file, text + "#".repeat(ConfigFile.MAX_BYTES - text.length()));
        assertEquals(1, ConfigLoader.load(directory).config().instances().size());
        Files.writeString(file, text + "#".repeat(ConfigFile.MAX_BYTES - text.length() + 1));
        assertEquals(file + ": is larger than 1048576 bytes", problem());
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        Files.write(file, new byte[] {'#', (byte) 0xC3, '\n'});
        assertEquals(file + ": is not valid UTF-8", problem());
    }

    @Test
    void aByteOrderMarkIsNamedAsWhatItIs() throws IOException {
        Files.writeString(file, "\uFEFFport = 5");
        assertTrue(problem().contains("byte order mark"));
    }
}
