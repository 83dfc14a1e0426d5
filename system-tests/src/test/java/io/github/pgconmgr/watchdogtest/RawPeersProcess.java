package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.testkit.Program;
import java.util.List;

/** {@link RawPeers} that run, and what became of them. Confined to the test's thread. */
final class RawPeersProcess {

    private final Program program;

    RawPeersProcess(Program program) {
        this.program = program;
        Timed.await(program, "READY", line -> true, WatchdogLab.LIMIT);
    }

    void command(String line) {
        program.writeLine(line);
    }

    List<Timed> all(String word) {
        return Timed.all(program, word);
    }

    /** Blocks until that happened to the peer. */
    Timed await(String word, String name) {
        return Timed.await(program, word, line -> line.first().equals(name), WatchdogLab.LIMIT);
    }

    /** Ends the program and so its sockets. */
    void kill() {
        program.kill();
    }
}
