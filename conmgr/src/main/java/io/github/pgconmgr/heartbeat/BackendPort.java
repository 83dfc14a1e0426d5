package io.github.pgconmgr.heartbeat;

/** What a TCP connect to {@code backend_port} found. */
public enum BackendPort {
    /** The host answers, nobody listens: the postmaster is gone. */
    REFUSED,
    /** Somebody listens. */
    ACCEPTED,
    /** No answer in time, or no way there. */
    NO_ANSWER
}
