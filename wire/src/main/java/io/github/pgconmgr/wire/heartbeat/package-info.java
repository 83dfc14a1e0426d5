/** Heartbeat messages between conmgr and watchdog, version 1 (docs/protocol.md, section 1; ADR 2). */
@NullMarked
package io.github.pgconmgr.wire.heartbeat;

import org.jspecify.annotations.NullMarked;
