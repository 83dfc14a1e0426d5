/** What the relay's core may ask of a network, and what it is told: the tiny interface between core and shell (ADR 9). */
@NullMarked
package io.github.pgconmgr.relay.io;

import org.jspecify.annotations.NullMarked;
