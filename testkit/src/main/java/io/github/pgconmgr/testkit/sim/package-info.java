/**
 * A simulated network, its hosts, and the time in which they live: everything that happens is an event in one queue, and one
 * seed decides all of it.
 */
@NullMarked
package io.github.pgconmgr.testkit.sim;

import org.jspecify.annotations.NullMarked;
