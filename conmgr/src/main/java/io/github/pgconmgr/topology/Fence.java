package io.github.pgconmgr.topology;

/** Why an instance that is alive gets no connections all the same; {@link #NONE} if it may have them (ADR 8). */
public enum Fence {
    NONE("", ""),
    /** A newer timeline of the same system identifier has been seen, at whatever instance. */
    STALE("stale", "a primary on an older timeline than one seen before"),
    /** Another instance was known first as the primary of this timeline. */
    SECOND_PRIMARY("second primary", "a second primary on the same timeline"),
    /** Not the system identifier that was recorded first. */
    FOREIGN("foreign", "another database cluster (its system identifier differs)"),
    /** The right primary, for the moment that it takes to write so to the disk. */
    UNRECORDED("", "a primary whose timeline is just being recorded");

    private final String attribute;
    private final String text;

    Fence(String attribute, String text) {
        this.attribute = attribute;
        this.text = text;
    }

    /** What stands instead of primary or standby in a status; empty if it is just that. */
    public String attribute() {
        return attribute;
    }

    /** What the instance is, for people: "instance 1 is ...". */
    public String text() {
        return text;
    }

    /** Whether people must know: the doubt stays until something changes. */
    boolean lasts() {
        return this != NONE && this != UNRECORDED;
    }
}
