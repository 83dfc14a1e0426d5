/** The watchdog extension on real servers, in a lab of hosts, against scripted conmgrs that do exactly what a test says. */
@NullMarked
package io.github.pgconmgr.watchdogtest;

import org.jspecify.annotations.NullMarked;
