/** Tests. */
@NullMarked
package io.github.pgconmgr.watchdog.peer;

import org.jspecify.annotations.NullMarked;
