/** The relay's shell: sockets, TLS and timers of its loop, by Netty's NIO transport (ADR 9). Translates and decides nothing. */
@NullMarked
package io.github.pgconmgr.relay.netty;

import org.jspecify.annotations.NullMarked;
