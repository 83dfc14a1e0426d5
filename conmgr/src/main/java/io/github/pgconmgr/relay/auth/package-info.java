/**
 * Who is the client, and how to log in at the server in its name (ADR 9). Knows no socket and no clock: whole messages and the time go
 * in, messages to send and outcomes come out.
 *
 * <p>{@link io.github.pgconmgr.relay.auth.Authenticator} is the entry, one per relay. Per client it gives a
 * {@link io.github.pgconmgr.relay.auth.ClientAuthentication}, whose outcome is an {@link io.github.pgconmgr.relay.auth.Identity}; per
 * server connection a {@link io.github.pgconmgr.relay.auth.ServerAuthentication} logs in as that identity.
 */
@NullMarked
package io.github.pgconmgr.relay.auth;

import org.jspecify.annotations.NullMarked;
