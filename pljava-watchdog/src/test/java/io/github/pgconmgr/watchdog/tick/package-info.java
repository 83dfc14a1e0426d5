/** Tests. */
@NullMarked
package io.github.pgconmgr.watchdog.tick;

import org.jspecify.annotations.NullMarked;
