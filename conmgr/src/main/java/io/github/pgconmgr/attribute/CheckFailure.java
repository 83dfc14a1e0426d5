package io.github.pgconmgr.attribute;

/**
 * Why a check told nothing. Immutable.
 *
 * @param text for people: one line, no secrets
 */
public record CheckFailure(Kind kind, String text) implements CheckResult {

    /** What it says of the instance. */
    public enum Kind {
        /** The host answers, nobody listens on {@code backend_port}: the postmaster is gone. */
        REFUSED,
        /** A PostgreSQL server answered, with an error: it lives, but what it is, it did not say. */
        ERROR,
        /** Nothing. */
        NO_ANSWER
    }
}
