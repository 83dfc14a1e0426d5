package io.github.pgconmgr.watchdog.peer;

/** The life of a conmgr as the watchdog sees it (ADR 1, "Watchdog, per conmgr"). */
public enum PeerState {
    /** Connected, but not yet for one whole timeout: costs nothing when it goes. */
    PROVING,
    /** Connected and proven: its end costs sessions. */
    ARMED,
    /** Its connection ended without a final goodbye; it may come back until its timeout has passed. */
    LOST,
    /** Known from before our worker's restart; it has one timeout to come back. */
    ADOPTED,
    /** Silent, but so are most others: one more interval. */
    GRACE,
    /** Judged dead; the row is gone. */
    DEAD,
    /** Went without ever having been armed; the row is gone. */
    GONE;

    /** Whether its end costs sessions; such a row is adopted after a restart of our worker. */
    public boolean isArmed() {
        return this == ARMED || this == LOST || this == ADOPTED || this == GRACE;
    }
}
