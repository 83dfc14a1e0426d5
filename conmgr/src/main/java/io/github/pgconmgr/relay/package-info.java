/**
 * Relay and pool (ADR 9): connections of drivers that know nothing of conmgr. {@link io.github.pgconmgr.relay.Relay} is what the daemon
 * starts and stops.
 */
@NullMarked
package io.github.pgconmgr.relay;

import org.jspecify.annotations.NullMarked;
