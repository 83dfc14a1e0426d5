package io.github.pgconmgr.topology;

/** What conmgr thinks of an instance (ADR 1). Only {@link #ALIVE} is routed to. */
public enum Liveness {
    /** No attempt has ended yet. */
    UNKNOWN,
    /** Welcomed, and not silent since. */
    ALIVE,
    /** The heartbeat connection ended; the instance may be well. Sessions stay, new ones go elsewhere. */
    SUSPECT,
    /** Every session on it has had its notice. */
    DOWN
}
