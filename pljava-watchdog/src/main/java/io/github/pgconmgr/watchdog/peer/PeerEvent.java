package io.github.pgconmgr.watchdog.peer;

/** What can happen to a conmgr's row (ADR 1). */
public enum PeerEvent {
    /** It has beaten for one whole timeout, and its timeout is longer than its interval. */
    PROVEN,
    /** A frame came on its connection. */
    FRAME,
    /** Nothing came for longer than its deadline allows. */
    SILENT,
    /** Its deadline has passed, but so have those of most others. */
    MASS_SILENCE,
    /** Its connection ended, or had to be ended for a protocol error. */
    CLOSED,
    /** It said that it stops. */
    GOODBYE_STOP,
    /** It said that it restarts. */
    GOODBYE_RESTART,
    /** A HELLO of the same conmgr, or of another one of the same host where the row has no connection. */
    RETURNED,
    /** The same, with settings that are always abnormal. */
    RETURNED_ABNORMAL,
    /** SETTINGS: another interval or timeout on the same connection (ADR 7). */
    SETTINGS,
    /** The same, with settings that are always abnormal. */
    SETTINGS_ABNORMAL;

    /** Whether it is worth a line in the log also where the state stays. */
    boolean isNews() {
        return this == RETURNED || this == SETTINGS;
    }
}
