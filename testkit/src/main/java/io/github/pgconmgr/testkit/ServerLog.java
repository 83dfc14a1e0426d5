package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A log file of a server, of PostgreSQL or ours. Immutable; the file itself is read anew each time. */
public record ServerLog(Path file) {

    private static final Pattern ALARMING =
            Pattern.compile("(^|\\s)(WARNING|PANIC):|was terminated by signal|TRAP: |AddressSanitizer|hs_err_pid");

    /**
     * Warnings that belong to how nearly every test is set up. The one: most have no shared secret, on hosts that nobody else
     * reaches; the watchdog rightly says so at each start.
     */
    private static final List<String> EXPECTED_EVERYWHERE = List.of("WARNING:  watchdog.secret_file is not set");

    /** All lines so far; none when there is no file yet. */
    public List<String> lines() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The lines that contain the text. */
    public List<String> linesWith(String text) {
        return lines().stream().filter(line -> line.contains(text)).toList();
    }

    /**
     * Warnings, panics and crashes that contain none of the expected texts, nor one of those that every test expects. A test
     * ends by asserting that there are none.
     */
    public List<String> unexpected(String... expected) {
        return lines().stream()
                .filter(line -> ALARMING.matcher(line).find())
                .filter(line -> EXPECTED_EVERYWHERE.stream().noneMatch(line::contains))
                .filter(line -> List.of(expected).stream().noneMatch(line::contains))
                .toList();
    }
}
