package io.github.pgconmgr.testkit;

import java.util.List;

/** A command that has ended: its exit status and what it wrote. Immutable. */
public record Finished(List<String> argv, int exit, String out, String err) {

    /** This, or an error that shows what the command wrote when its exit status is not 0. */
    public Finished expectSuccess() {
        if (exit != 0) {
            throw new AssertionError("exit status " + exit + " of " + String.join(" ", argv) + "\n" + out + err);
        }
        return this;
    }
}
