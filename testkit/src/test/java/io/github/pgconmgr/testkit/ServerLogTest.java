package io.github.pgconmgr.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogTest {

    @Test
    void alarmingLinesAreFoundUnlessTheyAreExpected(@TempDir Path folder) throws IOException {
        ServerLog log = new ServerLog(folder.resolve("log"));
        assertEquals(List.of(), log.unexpected());
        Files.write(
                log.file(),
                List.of(
                        "12:00 [1] postmaster LOG:  ready",
                        "12:01 [2] watchdog WARNING:  port 27545 is in use",
                        "12:01 [2] watchdog WARNING:  watchdog.secret_file is not set",
                        "12:02 [1] postmaster LOG:  server process (PID 7) was terminated by signal 11",
                        "12:03 [1] postmaster PANIC:  no space"));
        assertEquals(3, log.unexpected().size());
        assertEquals(2, log.unexpected("port 27545").size());
        assertEquals(1, log.linesWith("ready").size());
    }
}
