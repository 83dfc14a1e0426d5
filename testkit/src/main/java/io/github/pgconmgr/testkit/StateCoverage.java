package io.github.pgconmgr.testkit;

import io.github.pgconmgr.state.TransitionTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which pairs of state and event a simulation has been through since this object was made, in its whole process. Confined to the
 * test's thread.
 */
public final class StateCoverage {

    private final List<TransitionTable<?, ?>> tables;
    private final List<List<TransitionTable.Taken>> before;

    /** Counts from now on. */
    public StateCoverage(TransitionTable<?, ?>... tables) {
        this.tables = List.of(tables);
        this.before = this.tables.stream().map(table -> table.taken()).toList();
    }

    /** The listed pairs that did not occur, as texts for people. */
    public List<String> unreached() {
        List<String> missing = new ArrayList<>();
        for (int index = 0; index < tables.size(); index++) {
            for (TransitionTable.Taken pair : since(index)) {
                if (pair.times() == 0) {
                    missing.add(tables.get(index).name() + ": " + pair.from() + " on " + pair.event());
                }
            }
        }
        return missing;
    }

    /** Writes build/simulation/NAME.md: how often each pair occurred. */
    public void write(String name) {
        StringBuilder out = new StringBuilder();
        for (int index = 0; index < tables.size(); index++) {
            out.append("## ")
                    .append(tables.get(index).name())
                    .append("\n\n| from | event | to | times |\n|---|---|---|---:|\n");
            for (TransitionTable.Taken pair : since(index)) {
                out.append(String.format(
                        Locale.ROOT, "| %s | %s | %s | %,d |%n", pair.from(), pair.event(), pair.to(), pair.times()));
            }
            out.append('\n');
        }
        Path file = BuildFolder.root().resolve("build/simulation/" + name + ".md");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<TransitionTable.Taken> since(int index) {
        List<TransitionTable.Taken> now = tables.get(index).taken();
        List<TransitionTable.Taken> earlier = before.get(index);
        List<TransitionTable.Taken> difference = new ArrayList<>();
        for (int row = 0; row < now.size(); row++) {
            TransitionTable.Taken pair = now.get(row);
            long times = pair.times() - earlier.get(row).times();
            difference.add(new TransitionTable.Taken(pair.from(), pair.event(), pair.to(), times));
        }
        return difference;
    }
}
