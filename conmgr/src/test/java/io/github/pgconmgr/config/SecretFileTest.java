package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code watchdog_secret_file}: what is read, and what is refused (ADR 5). */
class SecretFileTest {

    private static final String TEXT = "sixteen bytes...";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void configure() throws IOException {
        file = directory.resolve("secret");
        Files.writeString(
                directory.resolve(ConfigLoader.FILE_NAME), "backend_host0 = a\nwatchdog_secret_file = 'secret'\n");
    }

    private void write(byte[] content, String permissions) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private SharedSecret loaded() throws ConfigException {
        ConmgrConfig config = ConfigLoader.load(directory).config();
        assertFalse(config.toString().contains("sixteen"), config::toString);
        return config.watchdogSecret();
    }

    private static SharedSecret secret(String text) {
        return new SharedSecret(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void assertProblem(String reason) {
        String problem = assertThrows(ConfigException.class, () -> ConfigLoader.load(directory))
                .problems()
                .get(0)
                .toString();
        String place = directory.resolve(ConfigLoader.FILE_NAME) + ":2: watchdog_secret_file: ";
        assertEquals(place + "secret file \"" + file + "\" " + reason, problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------", "rwx------"})
    void itsBytesAreTheSecret(String permissions) throws IOException, ConfigException {
        write(TEXT.getBytes(StandardCharsets.US_ASCII), permissions);
        assertEquals(secret(TEXT), loaded());
    }

    @Test
    void oneLineEndBehindItIsLeftOutAndNoMore() throws IOException, ConfigException {
        write((TEXT + "\n").getBytes(StandardCharsets.US_ASCII), "rw-------");
        assertEquals(secret(TEXT), loaded());
        write((TEXT + "\n\n").getBytes(StandardCharsets.US_ASCII), "rw-------");
        assertEquals(secret(TEXT + "\n"), loaded());
        write(("\n " + TEXT + "\t").getBytes(StandardCharsets.US_ASCII), "rw-------");
        assertEquals(secret("\n " + TEXT + "\t"), loaded());
    }

    @Test
    void fifteenBytesAreTooFewAnd1024AreNotTooMany() throws IOException, ConfigException {
        byte[] longest = new byte[SharedSecret.MAX_BYTES + 1];
        longest[SharedSecret.MAX_BYTES] = '\n';
        write(longest, "rw-------");
        assertEquals(new SharedSecret(new byte[SharedSecret.MAX_BYTES]), loaded());
        longest[SharedSecret.MAX_BYTES] = 0;
        write(longest, "rw-------");
        assertProblem("must hold a secret of 16 to 1024 bytes");
        write(new byte[1 << 16], "rw-------");
        assertProblem("must hold a secret of 16 to 1024 bytes");
        write("fifteen bytes..\n".getBytes(StandardCharsets.US_ASCII), "rw-------");
        assertProblem("must hold a secret of 16 to 1024 bytes");
        write(new byte[0], "rw-------");
        assertProblem("must hold a secret of 16 to 1024 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw--w----", "rw----r--", "rw-----w-", "rw-rw-rw-"})
    void anybodyElsesAccessIsRefused(String permissions) throws IOException {
        write(TEXT.getBytes(StandardCharsets.US_ASCII), permissions);
        assertProblem("has group or world access; permissions should be u=rw (0600) or less");
    }

    @Test
    void aMissingFileADirectoryAndADeviceAreNamed() throws IOException {
        assertProblem("does not exist");
        Files.createDirectory(file);
        assertProblem("is not a regular file");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        assertProblem("is not a regular file");
    }

    @Test
    void itIsReportedTogetherWithTheFilesOtherProblems() throws IOException {
        Files.writeString(directory.resolve(ConfigLoader.FILE_NAME), "watchdog_secret_file = secret\nport = 0\n");
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigLoader.load(directory));
        assertEquals(2, e.problems().size());
    }

    @Test
    void anAbsolutePathIsTakenAsItIsAndWithoutTheParameterThereIsNone() throws IOException, ConfigException {
        write(TEXT.getBytes(StandardCharsets.US_ASCII), "rw-------");
        Path config = directory.resolve(ConfigLoader.FILE_NAME);
        Files.writeString(config, "backend_host0 = a\nwatchdog_secret_file = '" + file.toAbsolutePath() + "'\n");
        assertEquals(secret(TEXT), loaded());
        Files.writeString(config, "backend_host0 = a\n");
        assertNull(loaded());
    }
}
