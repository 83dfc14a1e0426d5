package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.util.List;

/** A {@link ScriptedConmgr} that runs, and what it has said. Confined to the test's thread. */
final class ConmgrProcess {

    private final Program program;
    private final LabHost host;
    private final PgInstance instance;
    private String id;

    ConmgrProcess(Program program, LabHost host, PgInstance instance, String id) {
        this.program = program;
        this.host = host;
        this.instance = instance;
        this.id = id;
    }

    Program program() {
        return program;
    }

    LabHost host() {
        return host;
    }

    PgInstance instance() {
        return instance;
    }

    String id() {
        return id;
    }

    void command(String line) {
        program.writeLine(line);
    }

    /** Connects as the process that a supervisor started after this one: same host, another id. */
    void succeed() {
        id = id.substring(0, 24) + "5ccced00";
        command("successor " + id);
    }

    List<Timed> all(String word) {
        return Timed.all(program, word);
    }

    List<Timed> allAfter(long nanos, String word) {
        return all(word).stream().filter(line -> line.nanos() - nanos > 0).toList();
    }

    Timed await(String word) {
        return Timed.await(program, word, line -> true, WatchdogLab.LIMIT);
    }

    Timed awaitAfter(long nanos, String word) {
        return Timed.await(program, word, line -> line.nanos() - nanos > 0, WatchdogLab.LIMIT);
    }

    /** Blocks until that many lines with that word were printed later than {@code nanos}, and gives them. */
    List<Timed> awaitAfter(long nanos, String word, int count) {
        return program.awaitOutput(count + " times " + word, WatchdogLab.LIMIT, () -> {
            List<Timed> lines = allAfter(nanos, word);
            return lines.size() >= count ? lines : null;
        });
    }

    /** Blocks until the watchdog has heard it for one whole timeout: from then on its death costs sessions. */
    ConmgrProcess awaitArmed() {
        Await.until(
                "conmgr " + id + " is armed",
                WatchdogLab.LIMIT,
                () -> !transitions("ARMED").isEmpty());
        return this;
    }

    /** Stops its BEATs; gives the time of the last thing that it sent. */
    long pause() {
        command("pause");
        return await("PAUSED").nanos();
    }

    /** The instance's log lines on this conmgr's steps to that state. */
    List<String> transitions(String to) {
        return instance.log().linesWith("conmgr " + id + " ").stream()
                .filter(line -> line.contains(" -> " + to + ": "))
                .toList();
    }

    /** Whether the watchdog has forgotten it, or never took it seriously. */
    boolean isForgotten() {
        List<String> steps = instance.log().linesWith("conmgr " + id + " ").stream()
                .filter(line -> line.contains(" -> "))
                .toList();
        String last = steps.isEmpty() ? "" : steps.get(steps.size() - 1);
        return transitions("ARMED").isEmpty() || last.contains(" -> DEAD: ") || last.contains(" -> GONE: ");
    }
}
