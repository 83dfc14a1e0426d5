package io.github.pgconmgr.admin;

import java.time.Duration;

/** Limits of the control socket (style rule 5). */
public final class ControlLimits {

    /** Connections at one time; one more is told so and closed. */
    static final int MAX_CONNECTIONS = 32;

    /** The whole request must have come by then. */
    static final Duration REQUEST = Duration.ofSeconds(5);

    /** The whole answer must have gone by then. */
    static final Duration ANSWER = Duration.ofSeconds(10);

    /** Wait after an accept that failed. */
    static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);

    /** The parts of conmgr must have told their status, or read the file again, by then. */
    public static final Duration STATUS = Duration.ofSeconds(2);

    private ControlLimits() {}
}
