package io.github.pgconmgr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PgbenchLogTest {

    @TempDir
    private Path folder;

    private PgbenchLog read(long from, long to) {
        return PgbenchLog.read(folder.resolve("log"), from, to);
    }

    @Test
    void onlyWhatEndedWithinTheWindowCounts() throws IOException {
        Files.writeString(
                folder.resolve("log.7"), "0 1 100 0 9 999999\n0 2 200 0 10 0\n1 1 300 0 11 999999\n1 2 400 0 12 0\n");
        PgbenchLog log = read(10_000_000, 12_000_000);
        assertEquals(List.of(200.0, 300.0), log.micros());
        assertEquals(1, log.perSecond());
    }

    @Test
    void eachThreadOfPgbenchHasItsFile() throws IOException {
        Files.writeString(folder.resolve("log.7"), "0 1 100 0 10 1\n");
        Files.writeString(folder.resolve("log.7.1"), "0 1 100 0 10 2\n");
        Files.writeString(folder.resolve("log2.7"), "0 1 100 0 10 3\n");
        assertEquals(2, read(10_000_000, 11_000_000).transactions());
    }
}
