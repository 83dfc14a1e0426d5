package io.github.pgconmgr.libpqprograms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.programs.SaidLines;
import io.github.pgconmgr.testkit.Program;
import java.time.Duration;

/** A running application, which says key=value lines. Confined to the test's thread. */
record Session(Client client, String mode, Program program) {

    /** Blocks until it has said something for the key. */
    String await(String key, Duration limit) {
        return SaidLines.await(program, toString(), key, limit);
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
