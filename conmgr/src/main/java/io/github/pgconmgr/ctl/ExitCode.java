package io.github.pgconmgr.ctl;

/** Exit codes, as pg_ctl's where the meaning is the same. */
final class ExitCode {

    static final int OK = 0;

    /** Anything that went wrong, the passing of the wait limit included. */
    static final int FAILURE = 1;

    /** {@code status}: no conmgr runs in the directory. */
    static final int NOT_RUNNING = 3;

    /** {@code status}: there is no such directory, or it is not accessible. */
    static final int NO_DIRECTORY = 4;

    private ExitCode() {}
}
