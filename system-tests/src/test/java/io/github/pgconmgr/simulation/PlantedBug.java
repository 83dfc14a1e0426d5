package io.github.pgconmgr.simulation;

/** Mistakes that the simulation must find; each is one that a tired engineer makes. */
enum PlantedBug {
    NONE("nothing at all"),
    /** A peer is taken for silent when the timeout is reached, not when it has passed. */
    DEADLINE_OFF_BY_ONE("premise: "),
    /** A loop judges before it has read what arrived while it slept. */
    UNREAD_INPUT("premise: "),
    /** A restarted worker does not take over the rows in shared memory. */
    ADOPTED_PEER_FORGOTTEN("has forgotten"),
    /** A new timeout is judged by before the watchdog has agreed to beat by it. */
    NEW_TIMEOUT_TOO_EARLY("premise: instance"),
    /** A conmgr does not read what the one before it remembered (ADR 8). */
    TIMELINE_FORGOTTEN("a stale primary"),
    /** What SQL says of writing is not heard. */
    READ_ONLY_WORD_IGNORED("a writer, and SQL said"),
    /** The victims are all sessions of the address, also those that came behind the judgement. */
    YOUNGER_VICTIM("is younger than its judgement"),
    /** The clients of an instance that is DOWN are told a while later. */
    LATE_NOTICE("were not told"),
    /** A watchdog takes any proof. */
    PROOF_NOT_CHECKED("does not know the shared secret");

    private final String invariant;

    PlantedBug(String invariant) {
        this.invariant = invariant;
    }

    /** Words of the failure by which it has to be found: any other failure proves nothing about it. */
    String invariant() {
        return invariant;
    }
}
