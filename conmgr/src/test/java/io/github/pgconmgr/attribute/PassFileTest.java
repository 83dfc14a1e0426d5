package io.github.pgconmgr.attribute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.config.CheckConfig;
import io.github.pgconmgr.config.CheckConninfo;
import io.github.pgconmgr.config.CheckMode;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.config.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The form of .pgpass. */
class PassFileTest {

    @TempDir
    Path directory;

    private static CheckTarget target(String user) {
        CheckConninfo conninfo = new CheckConninfo(user, "postgres", "p", CheckConninfo.SslMode.PREFER, "", 0);
        return new CheckTarget(
                new InstanceConfig(0, "db0", "192.0.2.1", 5432, 1, new CheckConfig(CheckMode.SQL, conninfo)), conninfo);
    }

    private String password(String text, String user) throws IOException, InvalidValueException {
        Path file = Files.writeString(directory.resolve("p"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return PassFile.passwordFor(file, target(user));
    }

    @Test
    void theFirstLineThatFitsCounts() throws Exception {
        String text = """
                # db0:5432:postgres:a:no
                db1:5432:postgres:a:other host
                db0:1:*:*:other port
                db0:5432:x:a:other database
                db0:5432:postgres:a:it: is
                *:*:*:a:later
                *:*:*:*:last
                short:line
                """;
        assertEquals("it: is", password(text, "a"));
        assertEquals("last", password(text, "b"));
    }

    @Test
    void aBackslashMakesTheCharacterBehindItAnOrdinaryOne() throws Exception {
        assertEquals("x\\:y", password("*:*:*:a\\:b\\\\:x\\\\\\:y\n", "a:b\\"));
    }

    @Test
    void withoutALineThatFitsThereIsNone() throws Exception {
        assertEquals("", password("db0:5432:postgres:other:x\n", "a"));
        assertEquals("", password("", "a"));
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("p"), "*:*:*:*:secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        InvalidValueException e =
                assertThrows(InvalidValueException.class, () -> PassFile.passwordFor(file, target("a")));
        assertEquals(
                "passfile \"" + file + "\" has group or world access; permissions should be u=rw (0600) or less",
                e.reason());
    }
}
