package io.github.pgconmgr.ctl;

import java.io.PrintStream;

/** Where cm_ctl speaks to: results to one stream, complaints to the other. Immutable. */
record CtlConsole(PrintStream out, PrintStream err) {

    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** A complaint, with the program's name as PostgreSQL's tools do. */
    void complain(String line) {
        err.println("cm_ctl: " + line);
        err.flush();
    }

    void hint(String line) {
        if (!line.isEmpty()) {
            err.println("HINT:  " + line);
            err.flush();
        }
    }
}
