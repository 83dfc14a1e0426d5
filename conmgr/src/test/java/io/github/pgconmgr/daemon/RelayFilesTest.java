package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.AuthConfig;
import io.github.pgconmgr.config.AuthType;
import io.github.pgconmgr.config.RelayConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.auth.AuthSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the relay are read as a whole or not at all. */
class RelayFilesTest {

    @TempDir
    private Path folder;

    private static AuthSettings load(@Nullable Path file, @Nullable String user) throws StartException {
        AuthConfig auth = new AuthConfig(AuthType.MD5, file, user, "SELECT $1", "postgres");
        return RelayFiles.load(RelayConfig.DEFAULT.withAuth(auth)).auth();
    }

    @Test
    void withoutFilesClientsLogInEndToEnd() throws StartException {
        assertTrue(load(null, null).isEndToEnd());
        assertNull(RelayFiles.load(RelayConfig.DEFAULT).tls());
    }

    @Test
    void theQueryIsUsedOnlyWhereSomebodyRunsIt() throws IOException, StartException {
        Path file = Files.writeString(folder.resolve("users"), "\"joe\" \"secret\"\n");
        assertNull(load(file, null).query());
        assertEquals("SELECT $1", load(file, "joe").query());
        assertEquals("SELECT $1", load(null, "joe").query());
    }

    @Test
    void aBrokenFileIsNamedWithItsLines() throws IOException {
        Path file = Files.writeString(folder.resolve("users"), "\"joe\" \"secret\"\njoe\n");
        StartException e = assertThrows(StartException.class, () -> load(file, null));
        assertEquals(Message.AUTH_FILE_UNUSABLE, e.reason());
        assertTrue(String.valueOf(e.getMessage()).contains(": " + file + ":2: "), e.getMessage());
        assertThrows(StartException.class, () -> load(folder.resolve("none"), null));
    }
}
