/**
 * The relay's core: clients, server connections, how they meet and part, cancel keys (ADR 9). {@link io.github.pgconmgr.relay.session.RelayCore}
 * is the entry. Knows no socket and no clock: events and the time go in, calls of {@link io.github.pgconmgr.relay.io} come out.
 */
@NullMarked
package io.github.pgconmgr.relay.session;

import org.jspecify.annotations.NullMarked;
