package io.github.pgconmgr.relaytest;

import io.github.pgconmgr.programs.SaidLines;
import io.github.pgconmgr.testkit.Program;
import java.time.Duration;

/** A running application, which says key=value lines. Confined to the test's thread. */
record Said(StockClient client, Program program) {

    /** Blocks until it has said something for the key. */
    String await(String key, Duration limit) {
        return SaidLines.await(program, client.title(), key, limit);
    }
}
