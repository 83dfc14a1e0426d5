package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A cut that is all but made: the program that makes it runs and waits for its one line. On busy cores that is milliseconds where a
 * program's start is tens of them, which matters to whoever measures from the cut on.
 *
 * <p>Confined to the test's thread. One that is never made ends with the lab.
 */
public final class PreparedCut {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Process nft;
    private final String rule;

    PreparedCut(Namespaces bridge, String rule) {
        this.rule = rule;
        try {
            nft = Command.builder(bridge.commandLine(List.of("nft", "-f", "-")))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start nft", e);
        }
    }

    /** Blocks until the cut is made, in both directions at one moment of this call. */
    public void make() {
        try {
            try (var input = nft.outputWriter(StandardCharsets.UTF_8)) {
                input.write(rule + "\n");
            }
            if (!Command.awaitEnd(nft, LIMIT) || nft.exitValue() != 0) {
                nft.destroyForcibly();
                throw new AssertionError(
                        "no cut: " + new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("nft does not read its input", e);
        }
    }
}
