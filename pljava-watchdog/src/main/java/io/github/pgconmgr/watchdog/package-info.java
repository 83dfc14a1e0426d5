/**
 * The watchdog inside a PostgreSQL background worker: the selector loop, and the one entry that C calls (ADR 3). Entry: {@link
 * io.github.pgconmgr.watchdog.WatchdogHost}.
 */
@NullMarked
package io.github.pgconmgr.watchdog;

import org.jspecify.annotations.NullMarked;
