package io.github.pgconmgr.relaytest;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Program;
import java.time.Duration;
import java.util.List;

/** A running application, which says key=value lines. Confined to the test's thread. */
record Said(StockClient client, Program program) {

    /** The value that was said for the key; empty: none. */
    static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElse("");
    }

    /** Blocks until it has said something for the key. */
    String await(String key, Duration limit) {
        try {
            return Await.value(key + " of " + client.title(), limit, () -> {
                String found = value(program.output().lines(), key);
                return found.isEmpty() ? null : found;
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "; it said " + program.output().lines(), e);
        }
    }
}
