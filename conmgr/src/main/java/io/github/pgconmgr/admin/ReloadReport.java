package io.github.pgconmgr.admin;

import java.util.List;

/**
 * What a reload did. Immutable.
 *
 * @param refusal why nothing was changed, one line; empty if the file was taken over
 * @param problems what is wrong in the file; or, if it was taken over, what is doubtful
 * @param changed a line for each parameter that has a new value now
 * @param needRestart names of changed parameters that keep their old value until a restart
 */
public record ReloadReport(String refusal, List<String> problems, List<String> changed, List<String> needRestart) {

    /** Copies the lists. */
    public ReloadReport {
        problems = List.copyOf(problems);
        changed = List.copyOf(changed);
        needRestart = List.copyOf(needRestart);
    }

    /** Nothing was changed. */
    public static ReloadReport refused(String refusal, List<String> problems) {
        return new ReloadReport(refusal, problems, List.of(), List.of());
    }

    /** As the control socket answers: {@code OK} or {@code ERR reason}, then a line each. */
    String toAnswer() {
        StringBuilder out = new StringBuilder(refusal.isEmpty() ? "OK\n" : "ERR " + refusal + "\n");
        problems.forEach(problem ->
                out.append(refusal.isEmpty() ? "WARNING: " : "").append(problem).append('\n'));
        changed.forEach(line -> out.append(line).append('\n'));
        needRestart.forEach(name -> out.append("WARNING: parameter \"")
                .append(name)
                .append("\" cannot be changed without restarting conmgr\n"));
        return out.toString();
    }
}
