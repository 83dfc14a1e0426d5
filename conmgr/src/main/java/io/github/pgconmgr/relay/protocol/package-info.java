/** Framing of PostgreSQL's protocol, the start-up packet, and the few messages that the relay reads or writes (ADR 9). */
@NullMarked
package io.github.pgconmgr.relay.protocol;

import org.jspecify.annotations.NullMarked;
