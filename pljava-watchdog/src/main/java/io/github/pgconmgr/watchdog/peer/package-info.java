/**
 * The watchdog's core: one row per conmgr, who is dead, and what that costs (ADR 1). No socket, no clock: events come with the
 * time, commands go to {@link io.github.pgconmgr.watchdog.peer.PeerCommands}. Entry: {@link
 * io.github.pgconmgr.watchdog.peer.PeerTable}.
 */
@NullMarked
package io.github.pgconmgr.watchdog.peer;

import org.jspecify.annotations.NullMarked;
