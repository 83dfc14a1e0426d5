package io.github.pgconmgr.topology;

/** Why an instance that is alive gets no connections all the same; {@link #NONE} if it may have them. */
public enum Fence {
    NONE(""),
    /** A newer timeline of the same system identifier has been seen, at whatever instance. */
    STALE("a primary on an older timeline than one seen before"),
    /** Another instance was known first as the primary of this timeline. */
    SECOND_PRIMARY("a second primary on the same timeline"),
    /** Not the system identifier that was recorded first. */
    FOREIGN("another database cluster (its system identifier differs)");

    private final String text;

    Fence(String text) {
        this.text = text;
    }

    /** What the instance is, for people: "instance 1 is ...". */
    public String text() {
        return text;
    }
}
