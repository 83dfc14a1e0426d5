package io.github.pgconmgr.relay.session;

/** How a client leaves its server connection. */
enum Left {
    /** Nothing of it is there: it has said nothing, or in transaction mode nothing that outlives its transaction. */
    UNTOUCHED,
    /** Nothing is under way, and no transaction is open; settings, locks and the like may be left. */
    CLEAN,
    /** Nothing is under way, but a transaction is open. */
    IN_TRANSACTION,
    /** Something is under way, or it is not known. */
    UNKNOWN
}
