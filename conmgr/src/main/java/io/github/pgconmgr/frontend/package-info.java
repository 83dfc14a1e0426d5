/**
 * conmgr's own port: what drivers connect to (T1, T2, T4; docs/protocol.md, section 2). {@link io.github.pgconmgr.frontend.Frontend}
 * is what the daemon starts and stops: constructor (config, topology, log, clock), {@code start()} before the heartbeat loop,
 * {@code status()} for cm_ctl, {@code stop()} before the heartbeat loop stops.
 */
@NullMarked
package io.github.pgconmgr.frontend;

import org.jspecify.annotations.NullMarked;
