package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void tenMegabytesAreRefusedWithoutReadingThem() throws IOException {
        Files.writeString(file, "port = 5000\n".repeat(10 << 20 >> 3));
        assertEquals(file + ": is larger than 1048576 bytes", problem());
    }

    @Test
    void aLatin1FileIsRefusedWithTheLineAndTheByte() throws IOException {
        Files.write(file, "port = 5000\n# gr\u00FC\u00DFe\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(file + ":2: byte 0xFC is not UTF-8; save the file in that encoding", problem());
        Files.write(file, new byte[] {'#', (byte) 0xC3, '\n'});
        assertEquals(file + ":1: byte 0xC3 is not UTF-8; save the file in that encoding", problem());
    }

    @Test
    void nulBytesAreNamedLineByLine() throws IOException {
        Files.writeString(file, "backend_host0 = a\0\n\0\n# \0\n");
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigLoader.load(directory));
        assertEquals(List.of(1, 2, 3), e.problems().stream().map(Problem::line).toList());
        assertEquals(file + ":1: control character 0x00 in the line", problem());
    }

    @Test
    void windowsLineEndsAreLineEnds() throws IOException, ConfigException {
        Files.writeString(file, "backend_host0 = 'a'\r\n# x\r\n\r\nport = 5000\r\n");
        assertEquals(5000, ConfigLoader.load(directory).config().port());
        Files.writeString(file, "port = 5000\rport = 6000\n");
        assertEquals(file + ":1: control character 0x0D in the line", problem());
    }

    @Test
    void aByteOrderMarkIsNamedAsWhatItIs() throws IOException {
        Files.writeString(file, "\uFEFFport = 5");
        assertTrue(problem().contains("byte order mark"));
    }
}
