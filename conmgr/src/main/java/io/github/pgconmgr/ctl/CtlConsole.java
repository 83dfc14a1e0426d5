package io.github.pgconmgr.ctl;

import io.github.pgconmgr.config.ConfigException;
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

    /** Problems of a file, as compilers write them: editors find the line. */
    void report(ConfigException unusable) {
        unusable.problems().forEach(err::println);
        err.flush();
    }

    void hint(String line) {
        if (!line.isEmpty()) {
            err.println("HINT:  " + line);
            err.flush();
        }
    }
}
