/**
 * Prepared statements of the protocol in transaction mode: they follow a client from server connection to server connection (ADR 9). A
 * client's names are its own; on a server connection a statement has a name of ours, the same on all of them, and is parsed there when it
 * is first needed.
 *
 * <p>{@link io.github.pgconmgr.relay.prepared.PreparedStatements} is the entry, one per relay; per client it gives a
 * {@link io.github.pgconmgr.relay.prepared.StatementRewriter}, per server connection a
 * {@link io.github.pgconmgr.relay.prepared.ServerStatements}.
 */
@NullMarked
package io.github.pgconmgr.relay.prepared;

import org.jspecify.annotations.NullMarked;
