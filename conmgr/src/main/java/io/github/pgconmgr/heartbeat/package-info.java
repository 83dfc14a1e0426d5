/**
 * The heartbeat links to the watchdogs (L1 to L4; ADR 1, ADR 4). {@link io.github.pgconmgr.heartbeat.InstanceLink} is the core,
 * without sockets. {@link io.github.pgconmgr.heartbeat.HeartbeatLoop} is what the daemon starts and stops: constructor (config,
 * topology, log, clock), {@code start()} after the front end has registered with the topology, {@code stop(reason)} last.
 */
@NullMarked
package io.github.pgconmgr.heartbeat;

import org.jspecify.annotations.NullMarked;
