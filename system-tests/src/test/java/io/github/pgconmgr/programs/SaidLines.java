package io.github.pgconmgr.programs;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Program;
import java.time.Duration;
import java.util.List;

/** What an application of the tests says: key=value lines. Stateless. */
public final class SaidLines {

    private SaidLines() {}

    /** The value that was said for the key; empty: none. */
    public static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElse("");
    }

    /**
     * Blocks until a running application has said something for the key.
     *
     * @param who for the error, which shows what was said instead
     */
    public static String await(Program program, String who, String key, Duration limit) {
        try {
            return Await.value(key + " of " + who, limit, () -> {
                String found = value(program.output().lines(), key);
                return found.isEmpty() ? null : found;
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "; it said " + program.output().lines(), e);
        }
    }
}
