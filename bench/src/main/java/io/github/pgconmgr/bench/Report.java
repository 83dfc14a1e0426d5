package io.github.pgconmgr.bench;

import java.util.ArrayList;
import java.util.List;

/** The table, in Markdown, so that it can be copied into docs/benchmarks.md. Confined to the main thread. */
final class Report {

    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> loads = new ArrayList<>();

    void add(Outcome outcome, String load) {
        outcomes.add(outcome);
        loads.add(load);
    }

    boolean misses() {
        return outcomes.stream().anyMatch(outcome -> outcome.verdict() == Verdict.MISSED);
    }

    String table() {
        StringBuilder text =
                new StringBuilder("| figure | target | median [min .. max] | | beside it, in the same run | "
                        + "load |\n|---|---|---|---|---|---|\n");
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome row = outcomes.get(i);
            List<String> cells = List.of(
                    row.what(), row.target(), row.measured(), row.verdict().word(), row.beside(), loads.get(i));
            text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }
        return text.toString();
    }
}
