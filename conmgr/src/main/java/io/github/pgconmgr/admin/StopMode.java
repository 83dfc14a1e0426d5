package io.github.pgconmgr.admin;

/** How conmgr stops (C9). */
public enum StopMode {
    /** Waits until no application holds a connection; takes no new ones meanwhile. */
    SMART,
    /** Tells the applications that it is over, then stops. */
    FAST,
    /** Ends the process at once; nobody is told anything. */
    IMMEDIATE
}
