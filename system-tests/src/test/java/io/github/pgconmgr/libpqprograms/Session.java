package io.github.pgconmgr.libpqprograms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Program;
import java.time.Duration;
import java.util.List;

/** A running application, which says key=value lines. Confined to the test's thread. */
record Session(Client client, String mode, Program program) {

    /** The value that it has said for the key; null: not yet. */
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
            return Await.value(key + " of " + this, limit, () -> {
                String found = value(program.output().lines(), key);
                return found.isEmpty() ? null : found;
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "; it said " + program.output().lines(), e);
        }
    }

    /** It must say the error of a connection that ended in use, and that it holds the connection to be ended. */
    void expectLost() {
        String error = await("error", ProgramStage.LIMIT);
        assertTrue(error.matches(client.lost() + " .*"), this + ": " + error);
        assertEquals("yes", await("closed", ProgramStage.LIMIT), this + ": closed");
    }

    @Override
    public String toString() {
        return client.title() + " (" + mode + ")";
    }
}
