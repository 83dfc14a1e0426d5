/** Tests. */
@NullMarked
package io.github.pgconmgr.watchdog;

import org.jspecify.annotations.NullMarked;
